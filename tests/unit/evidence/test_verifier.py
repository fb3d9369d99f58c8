"""An auditor's verifier accepts a bundle as it was made, and nothing else."""

import ast
import datetime as dt
import io
import json
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.tasks.evidence.bundle import Asked, Contents, Earlier, Part, packed, part, sealed
from services.tasks.evidence.proof import ranges_without
from services.tasks.evidence.report import Report
from services.tasks.evidence.selection import Matter
from services.tasks.evidence.verifier import verify
from services.tasks.ledger.checkpoint import Checkpoint
from services.tasks.ledger.issued import Issued
from services.tasks.ledger.keyring import AGGREGATE, endorsement
from services.tasks.ledger.keys import SigningKey, new_signing_key, signature_is_right
from services.tasks.ledger.leaf import leaf_hash
from services.tasks.ledger.tree import Look, among, consistency_proof, root_of
from shared.events.catalogue import EventData
from shared.events.envelope import Chain, event_content
from shared.events.inbox import NotificationDelivered, NotificationRequested
from shared.events.ledger import CheckpointKeyCreated
from shared.events.meeting import Document, MeetingConcluded
from shared.events.person import PersonRegistered
from shared.events.task import CompletionSubmitted, ProgressReported
from shared.log.record import Record
from tests.examples import assigned

ORIGIN = "ketluan.example.vn/v1/record"
KEY, NEXT_KEY, STRANGER = (new_signing_key(ORIGIN) for _ in range(3))
NOW = dt.datetime(2026, 11, 20, 3, tzinfo=dt.UTC)
CHAIN = Chain("/ketluan/tests", "person.lan", "request-1", "request-1", NOW)
NOTICE = "Thông báo kết luận: Văn phòng Sở hoàn thiện quy chế.".encode()
TASK = assigned("one")


def key_created(key: SigningKey, before: SigningKey | None = None) -> CheckpointKeyCreated:
    note = endorsement(before, key.verifier) if before else None
    return CheckpointKeyCreated(
        key_id=key.verifier.key_id, name=ORIGIN, verifier_key=str(key.verifier), endorsement=note
    )


def told(kind: type[EventData], **more: Any) -> EventData:
    return kind.model_validate({"notification_id": "n1", "person_id": "lan", **more})


@cache
def records() -> list[Record]:
    """A log of 60 events, among them the life of one task."""
    document = Document(media_type="text/plain", sha256=part(NOTICE).sha256, size=len(NOTICE))
    concluded = MeetingConcluded(
        meeting_id=TASK.meeting_id, number="112/TB-SKHCN", title="Kết luận giao ban", fingerprint="0" * 64,
        document=document, directives=(),
    )  # fmt: skip
    life: list[tuple[str, EventData, int]] = [
        (AGGREGATE, key_created(KEY), 1),
        ("person.lan", PersonRegistered(person_id="lan", name="Trần Thị Lan"), 1),
        (f"task.{TASK.task_id}", TASK, 1),
        (f"meeting.{TASK.meeting_id}", concluded, 1),
        ("inbox.lan", told(NotificationRequested, rule="assigned", reasons=["responsible"], channels=["mail"]), 1),
        ("inbox.lan", told(NotificationDelivered, channel="mail"), 2),
        (f"task.{TASK.task_id}", ProgressReported(task_id=TASK.task_id, percent=40, note="Đã dự thảo."), 2),
        (AGGREGATE, key_created(NEXT_KEY, KEY), 2),
        (f"task.{TASK.task_id}", CompletionSubmitted(task_id=TASK.task_id, note="Đã xong."), 3),
    ]
    found: list[Record] = []
    for subject, data, version in life:
        content = event_content(data, data.type, f"e{len(found)}", subject, CHAIN, version)
        found.append(Record(len(found) + 1, f"log.{subject}", NOW, content))
        for _ in range(5):
            found.append(Record(len(found) + 1, f"log.other.{len(found)}", NOW, b"what is none of ours"))
    return found


def look() -> Look:
    return among([leaf_hash(record) for record in records()])


def checkpoint(size: int, key: SigningKey) -> Issued:
    root = root_of((0, size), look())
    return Issued(size, root, key.verifier.key_id, key.signed(str(Checkpoint(ORIGIN, size, root))), NOW)


def files(chosen: Callable[[Record], bool] = lambda _: True) -> dict[str, Part]:
    """A bundle of the task; some of its events can be left out."""
    size = len(records())
    asked = Asked(Matter("task", TASK.task_id), "person.chinh", NOW.isoformat())
    signed = checkpoint(size, NEXT_KEY)
    contents = Contents(Report(asked.matter, signed, "Asia/Ho_Chi_Minh"))
    own = [record for record in records() if not record.subject.startswith("log.other.") and chosen(record)]
    for record in own:
        contents.take(record)
    around = [root_of(each, look()).hex() for each in ranges_without([one.sequence - 1 for one in own], size)]
    old = checkpoint(17, KEY)
    earlier = [Earlier(old.note, [each.hex() for each in consistency_proof(17, size, look())])]
    return sealed(contents, NEXT_KEY, signed, asked, around, earlier, {f"documents/{part(NOTICE).sha256}": NOTICE})


@cache
def bundle() -> bytes:
    return b"".join(packed(files()))


def code(content: bytes, *keys: SigningKey, **given: Any) -> int:
    return verify.code_of(verify.check(content, [str(key.verifier) for key in keys], **given))


def with_files(**changed: bytes) -> bytes:
    """The bundle with some files replaced, and its archive and manifest made to fit, but not its seal."""
    parts = files() | {name: part(content) for name, content in changed.items()}
    if "manifest.json" not in changed:
        manifest = json.loads(b"".join(parts["manifest.json"].chunks()))
        manifest["files"] |= {name: each.sha256 for name, each in parts.items() if name in manifest["files"]}
        parts["manifest.json"] = part(verify.canonical(manifest).encode() + b"\n")
    return b"".join(packed(parts))


def test_a_bundle_holds_for_whoever_trusts_its_key_or_the_one_before() -> None:
    assert code(bundle(), NEXT_KEY) == code(bundle(), KEY) == 0
    assert code(bundle()) == 3
    assert code(bundle(), STRANGER) == 1
    said = [finding.en for finding in verify.check(bundle(), [str(KEY.verifier)])]
    assert "events are in the tree" in said[2]
    assert "none left out" in said[3]


def test_the_same_content_is_the_same_bytes_that_any_other_program_unpacks() -> None:
    assert b"".join(packed(files())) == bundle()
    with zipfile.ZipFile(io.BytesIO(bundle())) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == sorted(files())
        assert archive.read(f"documents/{part(NOTICE).sha256}") == NOTICE
        assert archive.read("report.pdf").startswith(b"%PDF-")


def test_a_checkpoint_that_somebody_kept_confirms_or_convicts() -> None:
    kept, other = checkpoint(17, KEY).note.encode(), KEY.signed(str(Checkpoint(ORIGIN, 17, b"\1" * 32))).encode()
    assert code(bundle(), kept=[kept]) == 0
    assert code(bundle(), kept=[other]) == 1
    between = checkpoint(23, KEY).note.encode()
    assert code(bundle(), kept=[between]) == 1
    proof = {
        "old_size": 23,
        "new_size": len(records()),
        "old_root": root_of((0, 23), look()).hex(),
        "new_root": root_of((0, len(records())), look()).hex(),
        "proof": [each.hex() for each in consistency_proof(23, len(records()), look())],
    }
    assert code(bundle(), kept=[between], proofs=[json.dumps(proof).encode()]) == 0


def gone_on_with(title: str, key: SigningKey, name: str = ORIGIN) -> bytes:
    """A bundle by somebody who may read the record: all its events, and two of his own behind them."""
    chain, mine = Chain("/x", "person.x", "r", "r", NOW), SigningKey(name, key.private)
    announced = CheckpointKeyCreated.model_construct(
        key_id=mine.verifier.key_id, name=name, verifier_key=str(mine.verifier), endorsement=None
    )
    forged: list[tuple[str, EventData, int]] = [
        (AGGREGATE, announced, 3),
        (f"task.{TASK.task_id}", CompletionSubmitted(task_id=TASK.task_id, note=title), 4),
    ]
    every = list(records())
    for subject, data, version in forged:
        content = event_content(data, data.type, f"f{version}", subject, chain, version)
        every.append(Record(len(every) + 1, f"log.{subject}", NOW, content))
    size, grown = len(every), among([leaf_hash(record) for record in every])
    root = root_of((0, size), grown)
    signed = Issued(size, root, mine.verifier.key_id, mine.signed(str(Checkpoint(name, size, root))), NOW)
    asked = Asked(Matter("task", TASK.task_id), "person.chinh", NOW.isoformat())
    contents = Contents(Report(asked.matter, signed, "Asia/Ho_Chi_Minh"))
    own = [record for record in every if not record.subject.startswith("log.other.")]
    for record in own:
        contents.take(record)
    around = [root_of(each, grown).hex() for each in ranges_without([one.sequence - 1 for one in own], size)]
    old = [Earlier(checkpoint(17, KEY).note, [each.hex() for each in consistency_proof(17, size, grown)])]
    given = {f"documents/{part(NOTICE).sha256}": NOTICE}
    return b"".join(packed(sealed(contents, mine, signed, asked, around, old if name == ORIGIN else [], given)))


def test_a_record_that_a_stranger_went_on_with_is_not_confirmed_by_a_checkpoint_before_it() -> None:
    kept, forged = checkpoint(17, KEY).note.encode(), gone_on_with("Đã xong từ lâu.", STRANGER)
    assert code(forged, kept=[kept]) == 3
    assert code(forged, KEY, kept=[kept]) == code(forged, KEY) == code(forged, NEXT_KEY) == 1
    assert str(STRANGER.verifier) in verify.check(forged, kept=[kept])[-1].en


def test_no_name_in_a_bundle_commands_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "goi.zip").write_bytes(gone_on_with("x", STRANGER, name="x\x1b[8m"))
    assert verify.main([str(tmp_path / "goi.zip")]) == 3
    assert "\x1b" not in capsys.readouterr().out


def test_no_changed_bit_of_the_archive_passes() -> None:
    source, original = random.Random(5), bundle()
    # The report and the verifier are most of its bytes: every other part is met as often.
    structure = [place for place in range(len(original) - 800, len(original))]
    places = [*source.sample(range(len(original)), 1200), *structure]
    for place in places:
        harmed = bytearray(original)
        harmed[place] ^= 1 << source.randrange(8)
        assert code(bytes(harmed), NEXT_KEY) == 1, place


def _sealed_parts() -> Iterator[tuple[str, bytes]]:
    for name, each in files().items():
        if name not in {"report.pdf", "verify.py", "README.txt"}:
            yield name, b"".join(each.chunks())


@pytest.mark.parametrize(("name", "content"), list(_sealed_parts()), ids=lambda each: each if type(each) is str else "")
def test_no_changed_bit_of_a_file_passes_though_the_archive_is_made_again(name: str, content: bytes) -> None:
    source, parts = random.Random(name), files()
    # A changed seal or manifest costs the verifier a signature, the others a hash.
    most = 40 if name.startswith("manifest") else 300
    for bit in source.sample(range(8 * len(content)), min(most, 8 * len(content))):
        harmed = bytearray(content)
        harmed[bit // 8] ^= 1 << bit % 8
        again = b"".join(packed(parts | {name: part(bytes(harmed))}))
        assert code(again, NEXT_KEY) == 1, (name, bit)


def resealed(parts: dict[str, Part], name: str, content: bytes) -> bytes:
    """The bundle with a file that was changed by somebody who holds the key."""
    manifest = json.loads(b"".join(parts["manifest.json"].chunks()))
    manifest["files"][name] = part(content).sha256
    written = verify.canonical(manifest).encode() + b"\n"
    seal = NEXT_KEY.signed(verify.seal_text(ORIGIN, written)).encode()
    more = {name: part(content), "manifest.json": part(written), "manifest.note": part(seal)}
    return b"".join(packed(parts | more))


@pytest.mark.parametrize("name", ["events.jsonl", "proof.json", "checkpoint", "consistency.json", "deliveries.json"])
def test_proofs_alone_convict_even_whoever_holds_the_key(name: str) -> None:
    source, parts = random.Random(name), files()
    content = b"".join(parts[name].chunks())
    assert code(resealed(parts, name, content), NEXT_KEY) == 0
    for bit in source.sample(range(8 * len(content)), 20):
        harmed = bytearray(content)
        harmed[bit // 8] ^= 1 << bit % 8
        assert code(resealed(parts, name, bytes(harmed)), NEXT_KEY) == 1, bit


def test_whoever_also_makes_the_manifest_again_lacks_the_seal() -> None:
    for name in ("report.pdf", "README.txt", "verify.py", "deliveries.json", "proof.json"):
        assert code(with_files(**{name: b"[]\n"}), NEXT_KEY) == 1


@pytest.mark.parametrize("extra", [b"x", b"PK\x05\x06" + bytes(18)])
def test_nothing_may_stand_around_the_archive(extra: bytes) -> None:
    assert code(bundle() + extra, NEXT_KEY) == code(extra + bundle(), NEXT_KEY) == 1
    assert code(bundle()[:-1], NEXT_KEY) == code(b"", NEXT_KEY) == 1


def test_no_file_may_be_added_or_left_out() -> None:
    parts = files()
    assert code(b"".join(packed(parts | {"more.txt": part(b"more")})), NEXT_KEY) == 1
    for name in parts:
        fewer = {each: content for each, content in parts.items() if each != name}
        assert code(b"".join(packed(fewer)), NEXT_KEY) == 1, name


def test_a_bundle_from_which_an_event_was_left_out_does_not_hold_even_sealed() -> None:
    found = verify.check(b"".join(packed(files(lambda record: b"ProgressReported" not in record.content))))
    assert verify.code_of(found) == 1
    assert "not whole" in found[-1].en


def test_a_bundle_that_somebody_else_made_of_the_same_events_does_not_hold() -> None:
    parts = files()
    manifest = b"".join(parts["manifest.json"].chunks())
    forged = STRANGER.signed(verify.seal_text(ORIGIN, manifest)).encode()
    assert code(b"".join(packed(parts | {"manifest.note": part(forged)})), NEXT_KEY) == 1


def test_its_signatures_are_those_of_another_implementation() -> None:
    source = random.Random(8)
    for length in range(30):
        private, text = Ed25519PrivateKey.generate(), source.randbytes(length)
        key, signature = private.public_key().public_bytes_raw(), private.sign(text)
        assert verify.signed_by(key, signature, text)
        harmed = bytearray(signature)
        harmed[source.randrange(64)] ^= 1 << source.randrange(8)
        assert not verify.signed_by(key, bytes(harmed), text)
        assert not signature_is_right(key, bytes(harmed), text)
        assert not verify.signed_by(key, signature, text + b"!")
    order = 2**252 + 27742317777372353535851937790883648493
    malleable = signature[:32] + (int.from_bytes(signature[32:], "little") + order).to_bytes(32, "little")
    assert not verify.signed_by(key, malleable, text)


def test_its_signatures_are_those_of_rfc_8032() -> None:
    key = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    signature = bytes.fromhex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe246"
        "55141438e7a100b"
    )
    assert verify.signed_by(key, signature, b"")
    assert not verify.signed_by(key, signature, b"\0")


NUMBERS = [
    0.0,
    -0.0,
    1.0,
    0.95,
    1e21,
    1e20,
    123456789012345680000.0,
    1e-6,
    1e-7,
    5e-324,
    1.7976931348623157e308,
    -2.5e-9,
]


@pytest.mark.parametrize(
    "value",
    [
        *NUMBERS,
        2**53 - 1,
        'Đ\u20ac$\u000f\nA\'B"\\"/\x7f',
        {"\u20ac": 1, "\r": [], "\U0001f600": {}, "\ufb33": None},
        [True],
    ],
)
def test_its_json_is_that_of_another_implementation(value: Any) -> None:
    assert verify.canonical(value).encode() == rfc8785.dumps(value)


def test_numbers_at_random_are_written_as_another_implementation_writes_them() -> None:
    source = random.Random(85)
    for _ in range(500):
        value = source.uniform(-1, 1) * 10 ** source.randrange(-30, 30)
        assert verify.canonical(value).encode() == rfc8785.dumps(value)


@pytest.mark.parametrize("value", [2**53, float("nan"), float("inf"), "\ud800"])
def test_what_has_no_one_form_is_refused(value: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - half a character is refused by Python itself, in its own words
        verify.canonical(value)


def test_the_tree_is_that_of_the_ledger_for_any_choice_of_events() -> None:
    source, leaves = random.Random(62), [leaf_hash(record) for record in records()]
    for size in range(1, len(leaves)):
        chosen = sorted(source.sample(range(size), source.randrange(1, size + 1)))
        hashes = [root_of(each, among(leaves)) for each in ranges_without(chosen, size)]
        found = verify.root_with({place: leaves[place] for place in chosen}, size, iter(hashes))
        assert found == root_of((0, size), among(leaves))


def test_it_runs_alone_on_an_old_python(tmp_path: Path) -> None:
    """The interpreter sees nothing but its own library, and the file no syntax newer than 3.8."""
    parts = files()
    script = b"".join(parts["verify.py"].chunks())
    ast.parse(script, feature_version=(3, 8))
    imported = {
        name.name for node in ast.walk(ast.parse(script)) if isinstance(node, ast.Import) for name in node.names
    }
    assert imported <= set(sys.stdlib_module_names)
    (tmp_path / "verify.py").write_bytes(script)
    (tmp_path / "bundle.zip").write_bytes(bundle())
    asked = [sys.executable, "-I", "-S", "verify.py", "bundle.zip"]
    given = subprocess.run(
        [*asked, "--key", str(KEY.verifier)], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False
    )
    assert given.returncode == 0, given.stdout + given.stderr
    assert "NGUYÊN VẸN" in given.stdout
    assert "SOUND" in given.stdout
    assert subprocess.run([*asked, "--key", "none"], cwd=tmp_path, capture_output=True, check=False).returncode == 2
