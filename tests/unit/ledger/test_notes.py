"""Notes and checkpoints have one form, which others read, and no bit of them can be changed."""

import random
from base64 import b64decode
from pathlib import Path

import pytest
from sigstore._internal.rekor.checkpoint import SignedCheckpoint

from services.tasks.ledger.checkpoint import Checkpoint, checkpoint_of
from services.tasks.ledger.keys import (
    KeyUnusable,
    keep_key,
    kept_key,
    new_signing_key,
    signature_is_right,
    signing_key_of,
)
from services.tasks.ledger.note import NoteUnreadable, NoteUnsigned, confirmed, note_of, verifier_of

# The example of Go's implementation, and the one of the specification.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETERS_KEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PETERS_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
PETERS_NOTE = (
    f"{PETERS_TEXT}\n— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
SOFA = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
)

KEY = new_signing_key("ketluan.example.vn/v1/record")
CHECKPOINT = Checkpoint(KEY.name, 20_852_163, bytes(range(32)))
NOTE = KEY.signed(str(CHECKPOINT))


def test_a_published_note_is_confirmed_and_made_again() -> None:
    key = verifier_of(PETER)
    assert str(key) == PETER
    assert confirmed(PETERS_NOTE.encode(), [key], signature_is_right) == PETERS_TEXT
    own = signing_key_of(PETERS_KEY)
    assert own.signed(PETERS_TEXT) == PETERS_NOTE
    assert (own.secret_text, str(own.verifier)) == (PETERS_KEY, PETER)


def test_the_specifications_checkpoint_is_read() -> None:
    note = note_of(SOFA.encode())
    assert str(note) == SOFA
    found = checkpoint_of(note.text)
    assert (found.origin, found.size) == ("example.com/behind-the-sofa", 20_852_163)
    assert found.root == b64decode("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")
    assert str(found) == note.text


def test_another_projects_code_reads_our_checkpoint() -> None:
    theirs = SignedCheckpoint.from_text(NOTE)
    assert theirs.checkpoint.origin == CHECKPOINT.origin
    assert theirs.checkpoint.log_size == CHECKPOINT.size
    assert theirs.checkpoint.log_hash == CHECKPOINT.root.hex()
    (signature,) = theirs.signed_note.signatures
    assert (signature.name, signature.sig_hash) == (KEY.name, KEY.verifier.key_hash)
    text = theirs.signed_note.note.encode()
    assert signature_is_right(KEY.verifier.public_key, b64decode(signature.signature), text)


def test_signatures_of_others_are_passed_over() -> None:
    witness = new_signing_key("witness.example").signed(str(CHECKPOINT)).partition("\n\n")[2]
    assert confirmed(f"{NOTE}{witness}".encode(), [KEY.verifier], signature_is_right) == str(CHECKPOINT)
    stranger = new_signing_key(KEY.name).verifier
    with pytest.raises(NoteUnsigned):
        confirmed(NOTE.encode(), [stranger], signature_is_right)


def test_no_changed_bit_of_a_note_passes() -> None:
    content, known = NOTE.encode(), [KEY.verifier]
    assert confirmed(content, known, signature_is_right)
    for bit in range(8 * len(content)):
        harmed = bytearray(content)
        harmed[bit // 8] ^= 1 << bit % 8
        with pytest.raises((NoteUnreadable, NoteUnsigned)):
            confirmed(bytes(harmed), known, signature_is_right)


def test_no_note_that_was_cut_or_has_more_passes() -> None:
    content, source = NOTE.encode(), random.Random(1)
    for harmed in [
        content[:-1],
        content + b"\n",
        b"\n" + content,
        content + b"x",
        b"",
        b"\xff",
        content.replace(b"\n", b"\r\n"),
    ]:
        with pytest.raises((NoteUnreadable, NoteUnsigned)):
            confirmed(harmed, [KEY.verifier], signature_is_right)
    for _ in range(300):
        with pytest.raises((NoteUnreadable, NoteUnsigned)):
            confirmed(content[: source.randrange(len(content))], [KEY.verifier], signature_is_right)


@pytest.mark.parametrize(
    "text",
    ["", "a\n", "a\n1\n", "a\n01\nAA==\n", "a\n1\nAA==\n", f"a\n-1\n{'A' * 43}=\n", f"a\n1\n{'A' * 43}=",
     f"\n1\n{'A' * 43}=\n", f"a\n1\n{'A' * 42}B=\n", f"a\n1\n{'A' * 43}=\n\nb\n", f"a\n{'9' * 20}\n{'A' * 43}=\n"],
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteUnreadable):
        checkpoint_of(text)


def test_a_key_is_kept_for_its_owner_alone_and_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "checkpoint-key"
    keep_key(KEY, path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert kept_key(path).secret_text == KEY.secret_text
    with pytest.raises(FileExistsError):
        keep_key(new_signing_key("another"), path)
    assert kept_key(path).verifier == KEY.verifier


def test_a_damaged_key_signs_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyUnusable):
        kept_key(tmp_path / "none")
    text = KEY.secret_text
    for harmed in (text[:-1], text.replace("PRIVATE", "PUBLIC"), text.replace(KEY.verifier.key_id, "00000000"), ""):
        with pytest.raises(KeyUnusable):
            signing_key_of(harmed)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\nb"])
def test_a_name_that_no_key_can_have_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no key's name"):
        new_signing_key(name)
