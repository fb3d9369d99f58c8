"""Checks a bundle of evidence of ketluan, on any machine with Python 3.8 or later, without network and installation.

Kiểm tra một gói chứng cứ của ketluan, trên máy bất kỳ có Python 3.8 trở lên, không cần mạng, không cần cài đặt.

    python verify.py BUNDLE.zip [--key KEY] [--checkpoint FILE] [--consistency FILE]

Exit code / mã thoát: 0 everything holds, and a key or checkpoint of yours confirms it; 3 everything holds, but you gave
nothing that says whose signature it is; 1 something does not hold; 2 nothing could be checked.

This one file stands for itself: take it from somebody whom you trust, or from the project, rather than out of the
bundle that it is to check. Sources: RFC 9162 (Merkle tree), RFC 8032 (Ed25519), RFC 8785 (canonical JSON), C2SP
signed-note and tlog-checkpoint.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import io
import json
import re
import struct
import sys
import zlib
from decimal import Decimal
from typing import Any, Iterable, Iterator, NamedTuple, Sequence, Tuple

FORMAT = "ketluan-evidence-1"
MANIFEST, SEAL, CHECKPOINT, EVENTS, PROOF = "manifest.json", "manifest.note", "checkpoint", "events.jsonl", "proof.json"
CONSISTENCY, DELIVERIES, VERIFIER, GUIDE, REPORT = (
    "consistency.json",
    "deliveries.json",
    "verify.py",
    "README.txt",
    "report.pdf",
)
ALWAYS = {CHECKPOINT, EVENTS, PROOF, CONSISTENCY, DELIVERIES, VERIFIER, GUIDE, REPORT}
DOCUMENTS, ATTACHMENTS = "documents/", "attachments/"
KEYS_SUBJECT = "log.ledger.keys"
SEAL_HEAD, SUCCESSION_HEAD = "ketluan evidence bundle", "ketluan checkpoint key succession"
_ABOUT = {"task": {"kind", "id"}, "meeting": {"kind", "id"}, "period": {"kind", "from", "to", "first", "last"}}
_MANIFEST = {"format", "about", "asked_at", "asked_by", "events", "files", "missing", "origin", "root", "size", "whole"}


class Wrong(ValueError):
    """Something in the bundle is not as it must be. Says so in Vietnamese and English."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(en)
        self.vi, self.en = vi, en


class Finding(NamedTuple):
    """What was looked at: whether it holds (None: it is only said), in Vietnamese and English."""

    holds: bool | None
    vi: str
    en: str


class Event(NamedTuple):
    """An event of the bundle: its place, its exact bytes, and what they say where they can be read."""

    sequence: int
    subject: str
    exact: bytes
    said: dict[str, Any]

    @property
    def leaf(self) -> bytes:
        """The event's leaf hash in the tree."""
        subject = self.subject.encode()
        head = struct.pack(">QH", self.sequence, len(subject))
        return hashlib.sha256(b"\0" + head + subject + hashlib.sha256(self.exact).digest()).digest()


# ---- the one form of a ZIP file


def local_header(name: str, crc: int, size: int) -> bytes:
    """What stands before a file's bytes in the archive: stored as it is, without a date."""
    encoded = name.encode("ascii")
    return struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 0, 0, 33, crc, size, size, len(encoded), 0) + encoded


def directory_entry(name: str, crc: int, size: int, offset: int) -> bytes:
    """What the archive's directory says of a file."""
    encoded = name.encode("ascii")
    sizes = (crc, size, size, len(encoded), 0, 0, 0, 0, 0, offset)
    return struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 0, 0, 33, *sizes) + encoded


def directory_end(count: int, size: int, offset: int) -> bytes:
    """The end of the archive."""
    return struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, size, offset, 0)


def unpacked(content: bytes) -> dict[str, bytes]:
    """The files of an archive that is in the one form that it can have.

    Raises:
        Wrong: it is in another: a byte of its structure was changed, or something was added or left out.
    """
    wrong = Wrong(
        "Tệp nén không đúng dạng duy nhất của gói chứng cứ: có byte bị đổi, thêm hoặc bớt.",
        "the archive is not in the one form of a bundle: a byte was changed, added or left out",
    )
    files: dict[str, bytes] = {}
    directory, place = b"", 0
    while content[place : place + 4] == b"PK\x03\x04" and len(content) >= place + 30:
        size, length = struct.unpack_from("<IH", content, place + 22)
        begin = place + 30 + length
        data = content[begin : begin + size]
        try:
            name = content[place + 30 : begin].decode("ascii")
            head = local_header(name, zlib.crc32(data), len(data))
        except UnicodeError:
            raise wrong from None
        if content[place:begin] != head or (files and name <= max(files)):
            raise wrong
        directory += directory_entry(name, zlib.crc32(data), len(data), place)
        files[name] = data
        place = begin + size
    if not files or content[place:] != directory + directory_end(len(files), len(directory), place):
        raise wrong
    return files


# ---- the one form of JSON, after RFC 8785


def canonical(value: Any) -> str:
    """The one JSON text of a value.

    Raises:
        ValueError: it has none: a number beyond what JSON's readers agree on, or half a character.
    """
    if value is None or isinstance(value, (bool, str)):
        text = json.dumps(value, ensure_ascii=False)
        text.encode()
        return text
    if isinstance(value, int):
        if abs(value) >= 2**53:
            raise ValueError("whole numbers end below 2**53")
        return str(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(canonical(each) for each in value) + "]"
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: str(name).encode("utf-16-be"))
        return "{" + ",".join(canonical(name) + ":" + canonical(value[name]) for name in names) + "}"
    raise ValueError("this is not JSON")


def _number(value: float) -> str:
    if value == 0:
        return "0"
    if value != value or value in (float("inf"), float("-inf")):
        raise ValueError("this number is not JSON")
    sign = "-" if value < 0 else ""
    _, found, exponent = Decimal(repr(abs(value))).as_tuple()
    every = "".join(map(str, found))
    digits = every.rstrip("0")
    point = len(every) + int(exponent)
    if len(digits) <= point <= 21:
        return sign + digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return sign + digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return sign + "0." + "0" * -point + digits
    rest = "." + digits[1:] if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{rest}e{point - 1:+d}"


def _json(content: bytes, name: str) -> Any:
    """What a file in the one form of JSON says."""
    try:
        value = json.loads(content.decode())
        same = canonical(value).encode() + b"\n" == content
    except (ValueError, RecursionError):
        same = False
    if not same:
        raise Wrong(name + " không đúng dạng.", name + " is not in its one form")
    return value


# ---- Ed25519, after RFC 8032

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)
_Point = Tuple[int, int, int, int]


def _sum(a: _Point, b: _Point) -> _Point:
    low, high = (a[1] - a[0]) * (b[1] - b[0]) % _P, (a[1] + a[0]) * (b[1] + b[0]) % _P
    c, d = 2 * a[3] * b[3] * _D % _P, 2 * a[2] * b[2] % _P
    e, f, g, h = high - low, d - c, d + c, high + low
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(scalar: int, point: _Point) -> _Point:
    found: _Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            found = _sum(found, point)
        point, scalar = _sum(point, point), scalar >> 1
    return found


def _point(encoded: bytes) -> _Point | None:
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = _P - x
    return x, y, 1, x * y % _P


_BASE = _point((4 * pow(5, _P - 2, _P) % _P).to_bytes(32, "little"))


def signed_by(key: bytes, signature: bytes, text: bytes) -> bool:
    """Whether the holder of an Ed25519 key (32 bytes) made this signature (64 bytes) of a text."""
    if len(key) != 32 or len(signature) != 64:
        return False
    public, commitment = _point(key), _point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if public is None or commitment is None or _BASE is None or scalar >= _ORDER:
        return False
    hashed = int.from_bytes(hashlib.sha512(signature[:32] + key + text).digest(), "little") % _ORDER
    left, right = _times(scalar, _BASE), _sum(commitment, _times(hashed, public))
    return (left[0] * right[2] - right[0] * left[2]) % _P == 0 and (left[1] * right[2] - right[1] * left[2]) % _P == 0


# ---- signed notes and checkpoints, after C2SP


def _base64(text: str) -> bytes:
    content = base64.b64decode(text.encode("ascii"), validate=True)
    if base64.b64encode(content).decode() != text:
        raise ValueError("this base64 has bits that mean nothing")
    return content


def public_key(line: str) -> bytes:
    """The 32 bytes of the key that a verifier's line, `name+hash+base64`, names.

    Raises:
        ValueError: it names none.
    """
    name, hashed, encoded = [*line.split("+", 2), "", ""][:3]
    typed = _base64(encoded)
    known = hashlib.sha256(name.encode() + b"\n" + typed).digest()[:4].hex()
    if len(typed) != 33 or typed[0] != 1 or known != hashed or not name or re.search(r"\s", name):
        raise ValueError(f"{line!r} is no key; one reads name+hash+base64")
    return typed[1:]


def opened(note: bytes, keys: Iterable[str]) -> tuple[str, str]:
    """The text of a note, and the line of the key, one of these, that signed it. Notes have one signature here.

    Raises:
        ValueError: it is no note, or none of the keys signed it.
    """
    text, blank, last = note.decode().rpartition("\n\n")
    found = re.fullmatch("\u2014 ([^\\s+]+) ([A-Za-z0-9+/=]+)\n", last)
    if not blank or found is None:
        raise ValueError("this is no note with one signature")
    signature = _base64(found.group(2))
    for line in keys:
        name, hashed, _ = line.split("+", 2)
        if (name, hashed) == (found.group(1), signature[:4].hex()):
            if signed_by(public_key(line), signature[4:], (text + "\n").encode()):
                return text + "\n", line
            raise ValueError(f"the key {hashed} did not sign this text")
    raise ValueError(f"it is signed by the key {signature[:4].hex()} of {found.group(1)}, which is not known")


def tree_of(text: str) -> tuple[str, int, bytes]:
    """Origin, size and root of the tree of which a checkpoint's text speaks.

    Raises:
        ValueError: it is no checkpoint.
    """
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0] or not re.fullmatch("0|[1-9][0-9]{0,18}", lines[1]):
        raise ValueError("this is no checkpoint")
    root = _base64(lines[2])
    if len(root) != 32:
        raise ValueError("this is no checkpoint")
    return lines[0], int(lines[1]), root


# ---- the Merkle tree, after RFC 9162


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def root_with(leaves: dict[int, bytes], size: int, others: Iterator[bytes]) -> bytes:
    """The root of the tree of `size` leaves, some of which are given by their index from 0. `others` are the hashes of
    the largest parts without any of these, from left to right.

    Raises:
        StopIteration: there are too few of them.
    """
    places = sorted(leaves)

    def part(first: int, behind: int, low: int, high: int) -> bytes:
        if low == high:
            return next(others)
        if behind - first == 1:
            return leaves[first]
        middle = first + (1 << (behind - first - 1).bit_length() - 1)
        split = low
        while split < high and places[split] < middle:
            split += 1
        return _node(part(first, middle, low, split), part(middle, behind, split, high))

    return part(0, size, 0, len(places))


def only_grew(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the tree of `new` leaves begins with that of `old` leaves. Source: RFC 9162, section 2.1.4.2."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    path = [old_root, *list(proof)] if old & old - 1 == 0 else list(proof)
    if len(path) < 2:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = path[0]
    for each in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = _node(each, before), _node(each, after)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            after = _node(after, each)
        place, last = place >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


# ---- what a bundle says


def event_line(sequence: int, subject: str, exact: bytes) -> bytes:
    """The line of `events.jsonl` that gives an event: readable, and byte for byte."""
    return (
        canonical(
            {
                "event": _readable(exact),
                "exact": base64.b64encode(exact).decode(),
                "sequence": sequence,
                "subject": subject,
            }
        ).encode()
        + b"\n"
    )


def _readable(exact: bytes) -> Any:
    """What an event's bytes say; None where they say nothing that has one form."""
    try:
        value = json.loads(exact.decode())
        canonical(value)
    except (ValueError, RecursionError):
        return None
    return value


def read(sequence: int, subject: str, exact: bytes) -> Event:
    """An event of these bytes."""
    said = _readable(exact)
    return Event(sequence, subject, exact, said if isinstance(said, dict) else {})


def events_in(content: bytes) -> list[Event]:
    """The events of `events.jsonl`, in the order of the log."""
    wrong = Wrong(EVENTS + " không đúng dạng.", EVENTS + " is not in its one form")
    found: list[Event] = []
    for line in content.split(b"\n")[:-1]:
        try:
            told = json.loads(line.decode())
            sequence, subject, exact = told["sequence"], told["subject"], _base64(told["exact"])
            same = event_line(sequence, subject, exact) == line + b"\n"
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise wrong from None
        if not same or not isinstance(sequence, int) or sequence <= (found[-1].sequence if found else 0):
            raise wrong
        said = told["event"] if isinstance(told["event"], dict) else {}
        found.append(Event(sequence, subject, exact, said))
    if not found or not content.endswith(b"\n"):
        raise wrong
    return found


def data_of(event: Event) -> dict[str, Any]:
    """What an event says happened; nothing where it cannot be read."""
    data = event.said.get("data")
    return data if isinstance(data, dict) else {}


def kind_of(event: Event) -> str:
    """The event's type without frills, such as `TaskAssigned`."""
    return str(event.said.get("type", "")).replace("ketluan.", "", 1).partition(".")[0]


def deliveries_of(events: Iterable[Event]) -> list[dict[str, Any]]:
    """Who was told, when, and by which channel: everything that the inboxes' events say of it."""
    found = []
    for event in events:
        data = data_of(event)
        if event.subject.startswith("log.inbox.") and "notification_id" in data:
            told = {"sequence": event.sequence, "what": kind_of(event), "at": event.said.get("time")}
            told.update(
                {name: data[name] for name in ("notification_id", "person_id", "channel", "error") if name in data}
            )
            found.append(told)
    return found


def versions_of(events: Iterable[Event]) -> dict[str, list[Any]]:
    """The versions that the events of each subject state, in the log's order."""
    found: dict[str, list[Any]] = {}
    for event in events:
        found.setdefault(event.subject, []).append(event.said.get("aggregateversion"))
    return found


def documents_of(events: Iterable[Event]) -> set[str]:
    """The SHA-256 of every notice that the events name."""
    found = (data_of(event).get("document") for event in events)
    return {each["sha256"] for each in found if isinstance(each, dict) and isinstance(each.get("sha256"), str)}


def attachments_of(events: Iterable[Event]) -> set[str]:
    """The SHA-256 of every file that was handed in, as the events name them."""
    found: set[str] = set()
    for event in events:
        for name in ("attachments", "evidence"):
            given = data_of(event).get(name)
            for each in given if isinstance(given, list) else ():
                if isinstance(each, dict) and isinstance(each.get("sha256"), str):
                    found.add(each["sha256"])
    return found


# ---- the check


def check(
    content: bytes, trusted: Sequence[str] = (), kept: Sequence[bytes] = (), proofs: Sequence[bytes] = ()
) -> list[Finding]:
    """What holds of a bundle, up to the first thing that does not.

    `trusted` are keys' lines, `kept` checkpoints and `proofs` proofs of consistency that the asker has from elsewhere.
    The last finding says whether one of them confirms whose signature it is.
    """
    found: list[Finding] = []
    try:
        found.extend(_findings(content, trusted, kept, proofs))
    except Wrong as wrong:
        found.append(Finding(False, wrong.vi, wrong.en))
    except (TypeError, ValueError, KeyError, AttributeError, RecursionError) as error:
        said = f"{type(error).__name__}: {error}"
        found.append(Finding(False, f"Gói không đúng dạng ({said}).", f"the bundle is not in its one form ({said})"))
    return found


def _findings(
    content: bytes, trusted: Sequence[str], kept: Sequence[bytes], proofs: Sequence[bytes]
) -> Iterator[Finding]:
    files = unpacked(content)
    manifest = _manifest(files)
    yield Finding(
        True,
        f"Đủ {len(files)} tệp, từng byte như bản kê.",
        f"all {len(files)} files are there, byte for byte as the manifest lists them",
    )
    events = events_in(files[EVENTS])
    keys = _keys(events)
    _sealed(files, manifest, keys)
    signed = _checkpoint(files, manifest, keys)
    yield Finding(
        True,
        "{} đã ký điểm kiểm chứng của {} sự kiện và bản kê này.".format(manifest["origin"], manifest["size"]),
        "{} signed the checkpoint of {} events, and this manifest".format(manifest["origin"], manifest["size"]),
    )
    _in_the_tree(files, manifest, events)
    yield Finding(
        True,
        f"{len(events)} sự kiện nằm trong cây đã ký, đúng chỗ, từng byte.",
        f"{len(events)} events are in the tree that was signed, each in its place, byte for byte",
    )
    yield _complete(manifest, events)
    yield _documents(files, manifest, events)
    if _json(files[DELIVERIES], DELIVERIES) != deliveries_of(events):
        raise Wrong(
            "Danh sách ai được báo không khớp với các sự kiện.", "the list of who was told is not what the events say"
        )
    yield Finding(
        True, "Danh sách ai được báo đúng như các sự kiện.", "the list of who was told is just what the events say"
    )
    earlier = _consistent(_json(files[CONSISTENCY], CONSISTENCY), manifest, keys)
    if earlier:
        yield Finding(
            True,
            f"Sổ ghi chỉ được thêm vào kể từ {len(earlier)} điểm kiểm chứng trước.",
            f"the record only grew since {len(earlier)} earlier checkpoints",
        )
    confirmed = bool(trusted)
    for note in kept:
        yield _kept(note, manifest, keys, earlier, proofs)
        confirmed = confirmed or _vouched(note, manifest, keys, signed, events)
    if trusted:
        yield _trusted(trusted, signed, events)
    if not confirmed:
        yield Finding(
            None,
            f"Chưa biết chữ ký là của ai: hãy đối chiếu khoá {signed} với khoá đã công bố, rồi đưa bằng --key.",
            f"nothing says whose signature it is: compare the key {signed} with the one that was made public, and give "
            "it by --key",
        )


def _manifest(files: dict[str, bytes]) -> dict[str, Any]:
    wrong = Wrong("Bản kê không đúng dạng.", "the manifest is not in its one form")
    if MANIFEST not in files or SEAL not in files:
        raise wrong
    manifest = _json(files[MANIFEST], MANIFEST)
    if not isinstance(manifest, dict) or set(manifest) != _MANIFEST or manifest["format"] != FORMAT:
        raise wrong
    about, listed, missing, whole = (manifest[name] for name in ("about", "files", "missing", "whole"))
    if not (isinstance(about, dict) and isinstance(listed, dict) and isinstance(missing, list)):
        raise wrong
    if _ABOUT.get(str(about.get("kind"))) != set(about) or not isinstance(whole, list):
        raise wrong
    if not all(isinstance(manifest[name], str) for name in ("origin", "root", "asked_at", "asked_by")):
        raise wrong
    if not all(isinstance(number, int) for number in (manifest["size"], manifest["events"])):
        raise wrong
    if set(files) - {MANIFEST, SEAL} != set(listed) or not set(listed) >= ALWAYS:
        raise Wrong("Gói thiếu hoặc thừa tệp.", "a file is missing, or one is there that the manifest does not list")
    for name in sorted(listed):
        if hashlib.sha256(files[name]).hexdigest() != listed[name]:
            raise Wrong(f"Tệp {name} đã bị đổi.", f"the file {name} was changed")
    return manifest


def _keys(events: Iterable[Event]) -> list[str]:
    """The lines of all keys of the log's history, as the events tell of them."""
    found = []
    for event in events:
        line = data_of(event).get("verifier_key")
        if event.subject == KEYS_SUBJECT and kind_of(event) == "CheckpointKeyCreated" and isinstance(line, str):
            try:
                public_key(line)
            except ValueError:
                continue
            found.append(line)
    return found


def _checkpoint(files: dict[str, bytes], manifest: dict[str, Any], keys: Sequence[str]) -> str:
    """The line of the key that signed the checkpoint."""
    try:
        text, line = opened(files[CHECKPOINT], keys)
        said = tree_of(text)
    except ValueError as error:
        raise Wrong("Điểm kiểm chứng không đúng chữ ký.", f"the checkpoint cannot be confirmed: {error}") from error
    if said != (manifest["origin"], manifest["size"], _bytes(manifest["root"])):
        raise Wrong("Điểm kiểm chứng nói về cây khác.", "the checkpoint speaks of another tree")
    return line


def _sealed(files: dict[str, bytes], manifest: dict[str, Any], keys: Sequence[str]) -> None:
    wanted = seal_text(manifest["origin"], files[MANIFEST])
    try:
        text, _ = opened(files[SEAL], keys)
    except ValueError as error:
        raise Wrong("Chữ ký của bản kê không đúng.", f"the manifest's seal cannot be confirmed: {error}") from error
    if text != wanted:
        raise Wrong("Chữ ký là của bản kê khác.", "the seal is that of another manifest")


def seal_text(origin: str, manifest: bytes) -> str:
    """What is signed of a manifest; no checkpoint reads like it."""
    return f"{SEAL_HEAD}\n{origin}\n{hashlib.sha256(manifest).hexdigest()}\n"


def _in_the_tree(files: dict[str, bytes], manifest: dict[str, Any], events: Sequence[Event]) -> None:
    proof = _json(files[PROOF], PROOF)
    size = manifest["size"]
    wrong = Wrong("Sự kiện không nằm trong cây đã ký.", "the events are not in the tree that was signed")
    if not isinstance(proof, list) or len(events) != manifest["events"] or events[-1].sequence > size:
        raise wrong
    hashes = iter([_bytes(each) for each in proof])
    try:
        root = root_with({event.sequence - 1: event.leaf for event in events}, size, hashes)
    except StopIteration:
        raise wrong from None
    if root != _bytes(manifest["root"]) or next(hashes, None) is not None:
        raise wrong


def _complete(manifest: dict[str, Any], events: Sequence[Event]) -> Finding:
    versions = versions_of(events)
    for subject in manifest["whole"]:
        if versions.get(subject) != list(range(1, len(versions.get(subject, ())) + 1)) or subject not in versions:
            raise Wrong(f"Thiếu sự kiện của {subject}.", f"events of {subject} are missing: their versions have a gap")
    about = manifest["about"]
    if about["kind"] != "period":
        own = "log.{}.{}".format(about["kind"], about["id"])
        if own not in manifest["whole"]:
            raise Wrong(f"Thiếu sự kiện của {own}.", f"the events of {own} are not whole")
        return Finding(
            True,
            "{} đối tượng có đủ sự kiện từ đầu, không thiếu ở giữa.".format(len(manifest["whole"])),
            "of {} subjects, all events from their first on are there, none left out between".format(
                len(manifest["whole"])
            ),
        )
    inside = sum(1 for event in events if about["first"] <= event.sequence <= about["last"])
    if inside != about["last"] - about["first"] + 1:
        raise Wrong("Thiếu sự kiện trong khoảng ấy.", "events of the period are missing")
    return Finding(
        True,
        "Có đủ mọi sự kiện từ {} đến {}.".format(about["first"], about["last"]),
        "every event from {} to {} is there".format(about["first"], about["last"]),
    )


def _documents(files: dict[str, bytes], manifest: dict[str, Any], events: Sequence[Event]) -> Finding:
    named = {DOCUMENTS + each for each in documents_of(events)}
    attached = {ATTACHMENTS + each for each in attachments_of(events)}
    given = set(files) - ALWAYS - {MANIFEST, SEAL}
    missing = set(manifest["missing"])
    if not given <= named | attached or named - given != missing & named or not missing <= (named | attached) - given:
        raise Wrong("Văn bản không khớp với sự kiện.", "the files are not those that the events name")
    for name in given:
        if hashlib.sha256(files[name]).hexdigest() != name.partition("/")[2]:
            raise Wrong(f"Văn bản {name} đã bị đổi.", f"the file {name} is not what the events name")
    said = (
        f"{len(given)} văn bản, tệp đúng từng byte như lúc đến",
        f"{len(given)} files are byte for byte as they came",
    )
    if missing:
        return Finding(
            None,
            said[0] + f"; {len(missing)} không còn trong kho tệp.",
            said[1] + f"; {len(missing)} are no longer kept",
        )
    return Finding(True, said[0] + ".", said[1])


def _consistent(given: Any, manifest: dict[str, Any], keys: Sequence[str]) -> dict[int, bytes]:
    """The roots of earlier checkpoints by their sizes, each of which was signed and is the tree's beginning."""
    found: dict[int, bytes] = {}
    for each in _list(given):
        try:
            text, _ = opened(each["checkpoint"].encode(), keys)
            origin, size, root = tree_of(text)
            proof = [_bytes(one) for one in each["proof"]]
            holds = origin == manifest["origin"] and set(each) == {"checkpoint", "proof"} and size not in found
            holds = holds and only_grew(size, manifest["size"], root, _bytes(manifest["root"]), proof)
        except (ValueError, KeyError, TypeError, AttributeError):
            holds = False
        if not holds:
            raise Wrong("Điểm kiểm chứng trước không khớp.", "an earlier checkpoint is not the beginning of this one")
        found[size] = root
    return found


def _list(given: Any) -> list[Any]:
    if not isinstance(given, list):
        raise Wrong("Một tệp không đúng dạng.", "a file is not in its one form")
    return given


def _kept(
    note: bytes, manifest: dict[str, Any], keys: Sequence[str], earlier: dict[int, bytes], proofs: Sequence[bytes]
) -> Finding:
    try:
        origin, size, root = tree_of(opened(note, keys)[0])
    except ValueError as error:
        return Finding(
            False,
            "Điểm kiểm chứng tự giữ không do các khoá của gói này ký.",
            f"the checkpoint that you kept is not signed by a key of this bundle: {error}",
        )
    new, new_root = manifest["size"], _bytes(manifest["root"])
    if origin != manifest["origin"] or (earlier.get(size) or (new_root if size == new else root)) != root:
        return Finding(
            False,
            "Điểm kiểm chứng tự giữ nói khác: sổ ghi đã bị viết lại.",
            "the checkpoint that you kept says otherwise: the record was rewritten",
        )
    if size in earlier or size == new or any(_joins(proof, (size, root), (new, new_root)) for proof in proofs):
        return Finding(
            True,
            f"Khớp với điểm kiểm chứng tự giữ của {size} sự kiện.",
            f"the checkpoint of {size} that you kept agrees",
        )
    return Finding(
        False,
        f"Chưa nối được điểm tự giữ ({size}) với gói ({new}): lấy `ketluan prove consistency`, đưa bằng --consistency.",
        f"nothing joins the checkpoint that you kept ({size}) and this bundle's ({new}): get a proof of consistency, "
        "and give it by --consistency",
    )


def _vouched(note: bytes, manifest: dict[str, Any], keys: Sequence[str], signed: str, events: Iterable[Event]) -> bool:
    """Whether a checkpoint that the asker kept says whose the bundle is: it covers all its events, or its key signed
    the bundle too, or endorsed the one that did. Whoever reads a record could go on with it under a key of his own."""
    try:
        text, line = opened(note, keys)
        return bool(tree_of(text)[1] >= manifest["size"]) or signed in _endorsed({line}, events)
    except ValueError:
        return False


def _joins(content: bytes, one: tuple[int, bytes], other: tuple[int, bytes]) -> bool:
    (old, old_root), (new, new_root) = sorted((one, other))
    try:
        given = json.loads(content.decode())
        stated = given["old_size"], _bytes(given["old_root"]), given["new_size"], _bytes(given["new_root"])
        path = [_bytes(each) for each in given["proof"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        return False
    return stated == (old, old_root, new, new_root) and only_grew(old, new, old_root, new_root, path)


def _trusted(trusted: Sequence[str], signed: str, events: Iterable[Event]) -> Finding:
    """Whether a key that the asker trusts signed, or one that it endorsed, and so on."""
    if signed in _endorsed(set(trusted), events):
        return Finding(True, "Chữ ký là của khoá mà bạn tin.", "the signature is of the key that you trust")
    return Finding(
        False,
        f"Khoá đã ký, {signed}, không phải khoá mà bạn tin, và khoá ấy không chứng nhận nó.",
        f"the key that signed, {signed}, is not the one that you trust, nor endorsed by it",
    )


def _endorsed(known: set[str], events: Iterable[Event]) -> set[str]:
    """These keys, and every one that one of them endorsed, and so on."""
    for event in events:
        data = data_of(event)
        line, note = data.get("verifier_key"), data.get("endorsement")
        if event.subject == KEYS_SUBJECT and isinstance(line, str) and isinstance(note, str):
            try:
                text, _ = opened(note.encode(), known)
            except ValueError:
                continue
            if text == f"{SUCCESSION_HEAD}\n{line}\n":
                known = known | {line}
    return known


def _bytes(digest: Any) -> bytes:
    if not isinstance(digest, str) or not re.fullmatch("[0-9a-f]{64}", digest):
        raise Wrong("Mã băm không đúng dạng.", "a hash is not in its one form")
    return bytes.fromhex(digest)


def code_of(findings: Sequence[Finding]) -> int:
    """The exit code that says the same as the findings."""
    if any(finding.holds is False for finding in findings):
        return 1
    return 3 if findings[-1].holds is None else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Checks the bundle that the command line names, and says what holds. Gives the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    parser = argparse.ArgumentParser(description="Kiểm tra gói chứng cứ của ketluan. Checks a bundle of evidence.")
    parser.add_argument("bundle", help="tệp .zip (the bundle)")
    parser.add_argument("--key", action="append", default=[], help="khoá công khai mà bạn tin (a key that you trust)")
    parser.add_argument("--checkpoint", action="append", default=[], help="điểm kiểm chứng tự giữ (one that you kept)")
    parser.add_argument("--consistency", action="append", default=[], help="tệp của `ketluan prove consistency`")
    given = parser.parse_args(arguments)
    try:
        for line in given.key:
            public_key(line)
        content, *others = [_read(name) for name in [given.bundle, *given.checkpoint, *given.consistency]]
    except (OSError, ValueError) as error:
        sys.stderr.write(f"Chưa kiểm tra được gì (nothing was checked): {error}\n")
        return 2
    kept, proofs = others[: len(given.checkpoint)], others[len(given.checkpoint) :]
    findings = check(content, given.key, kept, proofs)
    for finding in findings:
        mark = {True: "✓", False: "✗", None: "?"}[finding.holds]
        sys.stdout.write(f"{mark} {_shown(finding.vi)}\n  {_shown(finding.en)}\n")
    code = code_of(findings)
    vi, en = _VERDICTS[code]
    sys.stdout.write(f"\n{vi}\n{en}\n")
    return code


def _shown(text: str) -> str:
    """A text as a terminal may be given it: names that stand in a bundle could hold commands to hide what it says."""
    return "".join(each if each.isprintable() else f"\\u{ord(each):04x}" for each in text)


def _read(name: str) -> bytes:
    with open(name, "rb") as file:
        return file.read()


_LIMITS = (
    "Người giữ khoá có thể viết lại quá khứ nếu không ai khác giữ điểm kiểm chứng; gói này không chứng minh rằng sau "
    "đó không có gì xảy ra, hay rằng thư đã gửi đã được đọc.",
    "Whoever holds the key could rewrite the past unless others keep checkpoints; the bundle does not prove that "
    "nothing happened later, or that a mail that was sent was read.",
)
_VERDICTS = {
    0: ("NGUYÊN VẸN. " + _LIMITS[0], "SOUND. " + _LIMITS[1]),
    1: ("KHÔNG ĐÚNG: đừng dựa vào gói này.", "NOT SOUND: do not rely on this bundle."),
    3: (
        "Nguyên vẹn, NHƯNG CHƯA BIẾT AI KÝ. " + _LIMITS[0],
        "Sound in itself, BUT NOTHING SAYS WHO SIGNED IT. " + _LIMITS[1],
    ),
}


if __name__ == "__main__":
    sys.exit(main())
