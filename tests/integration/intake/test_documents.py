"""Notices as the files that they really arrive in: read, kept byte for byte, and recognised when they come again."""

import asyncio
import hashlib
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from nats.aio.client import Client

from shared.log.stream import stream_info
from tests.documents import in_tcvn3, paragraph, word
from tests.integration.intake.test_conclusions import NOTICE
from tests.notices.corpus import FOLDER
from tests.notices.word import WORD_NOTICES, write_word_notice

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEXT = "text/plain; charset=utf-8"
NO_FILE = b'--x\r\nContent-Disposition: form-data; name="number"\r\n\r\n1\r\n--x--\r\n'


def notice(number: str, **changes: str) -> str:
    """A notice's text."""
    text = NOTICE.format(number=number)
    for former, latter in changes.items():
        text = text.replace(former.replace("_", " "), latter)
    return text


def as_word(text: str) -> bytes:
    """The same notice as a Word file."""
    return word("".join(paragraph(line) for line in text.splitlines()))


async def post(http: httpx.AsyncClient, content: bytes, media_type: str, query: str = "") -> httpx.Response:
    """The answer to a file that is posted as it is."""
    return await http.post(f"/v1/conclusions{query}", content=content, headers={"Content-Type": media_type})


@pytest.mark.parametrize("media_type", [DOCX, "application/octet-stream"])
async def test_a_word_file_is_published_and_kept_as_it_came(
    http: httpx.AsyncClient, number: str, media_type: str
) -> None:
    content = as_word(notice(number))
    answer = await post(http, content, media_type)
    assert answer.status_code == 201, answer.text
    standing = (await http.get(f"/v1/conclusions/{answer.json()['meeting']['meeting_id']}")).json()
    sha256 = hashlib.sha256(content).hexdigest()
    assert (standing["document"]["sha256"], standing["document"]["media_type"]) == (sha256, DOCX)
    start, end = standing["directives"][0]["span"]
    assert standing["document"]["text"][start:end].split() == standing["directives"][0]["text"].split()
    kept = await http.get(f"/v1/documents/{sha256}")
    assert kept.content == content
    assert kept.headers["content-type"] == DOCX
    assert kept.headers["content-disposition"] == f"attachment; filename*=UTF-8''{sha256[:16]}.docx"
    assert kept.headers["x-content-type-options"] == "nosniff"


async def test_a_file_comes_by_a_form_with_what_its_clerk_knows_better(http: httpx.AsyncClient, number: str) -> None:
    content = as_word(notice("      /TB-SKHCN"))
    files = {"file": ("C:\\Văn thư\\Thông báo.docx", content, DOCX)}
    answer = await http.post("/v1/conclusions", files=files, data={"number": number, "issued_on": "2026-11-20"})
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert (body["meeting"]["number"], body["meeting"]["issued_on"]) == (number, "2026-11-20")
    kept = await http.get(f"/v1/documents/{hashlib.sha256(content).hexdigest()}")
    assert kept.headers["content-disposition"] == "attachment; filename*=UTF-8''Th%C3%B4ng%20b%C3%A1o.docx"


async def test_an_old_encoding_is_read_and_said_to_be_doubtful(http: httpx.AsyncClient, number: str) -> None:
    answer = await post(http, in_tcvn3(notice(number)), "text/plain")
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert body["directives"][0]["text"].startswith("Hoàn thiện quy chế làm việc")
    assert "legacy-encoding" in [doubt["code"] for doubt in body["doubts"]]
    again = await post(http, notice(number).encode(), TEXT)
    assert again.status_code in {201, 409}


async def test_the_same_file_again_gives_the_first_answer(http: httpx.AsyncClient, log: Client, number: str) -> None:
    content = as_word(notice(number))
    first = await post(http, content, DOCX)
    before = (await stream_info(log)).state.messages
    again = await http.post("/v1/conclusions", files={"file": ("lai.docx", content, DOCX)})
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotency-replayed"] == "true"
    assert (await stream_info(log)).state.messages == before


async def test_another_rendering_of_a_notice_is_named_and_not_published(
    http: httpx.AsyncClient, log: Client, number: str
) -> None:
    draft = notice("      /TB-SKHCN", Hoàn_thiện=f"Hoàn thiện trước kỳ {number[:-9]}")
    first = await post(http, as_word(draft), DOCX, "?duplicate=allow")
    assert first.status_code == 201, first.text
    before = (await stream_info(log)).state.messages
    final = draft.replace("      /TB-SKHCN", number).replace("1. Văn phòng", "I. Văn phòng").encode()
    for query in ("", "?dry_run=true"):
        refused = await post(http, final, TEXT, query)
        assert (refused.status_code, refused.json()["code"]) == (409, "probable-duplicate"), refused.text
        assert refused.json()["meeting"] == f"/v1/conclusions/{first.json()['meeting']['meeting_id']}"
    assert (await stream_info(log)).state.messages == before
    allowed = await post(http, final, TEXT, "?duplicate=allow")
    assert allowed.status_code == 201
    assert allowed.json()["meeting"]["meeting_id"] != first.json()["meeting"]["meeting_id"]


async def test_two_renderings_at_the_same_time_make_one_notice(http: httpx.AsyncClient) -> None:
    words = [" ".join(f"việc-{uuid4().hex}" for _ in range(8)) for _ in range(6)]
    text = "\n".join(
        ["THÔNG BÁO", f"Kết luận về {words[0]}", "", "1. Văn phòng Sở", *(f"- Rà soát {w}." for w in words)]
    )
    renderings = [text.replace("\n- ", "\n" * (1 + place) + "- ").encode() for place in range(6)]
    answers = await asyncio.gather(*(post(http, rendering, TEXT) for rendering in renderings))
    made = {each.json()["meeting"]["meeting_id"] for each in answers if each.status_code == 201}
    assert len(made) == 1, [each.text for each in answers]
    assert {each.json()["code"] for each in answers if each.status_code != 201} <= {"probable-duplicate"}


@pytest.mark.parametrize("name", WORD_NOTICES)
async def test_a_real_layout_is_recognised_as_word_after_it_came_as_text(
    http: httpx.AsyncClient, tmp_path: Path, name: str
) -> None:
    first = await post(http, (FOLDER / f"{name}.txt").read_bytes(), TEXT)
    assert first.status_code == 201, first.text
    again = await post(http, write_word_notice(name, tmp_path).read_bytes(), DOCX)
    assert (again.status_code, again.json()["code"]) == (409, "probable-duplicate")
    assert again.json()["meeting"] == f"/v1/conclusions/{first.json()['meeting']['meeting_id']}"


async def test_the_same_words_under_another_number_are_another_notice(http: httpx.AsyncClient, number: str) -> None:
    one, other = notice(number), notice(f"77{number}")
    assert (await post(http, one.encode(), TEXT, "?duplicate=allow")).status_code == 201
    refused = await post(http, as_word(one), DOCX)
    assert (refused.status_code, refused.json()["code"]) == (409, "probable-duplicate")
    assert (await post(http, as_word(other), DOCX, "?duplicate=allow")).status_code == 201


@pytest.mark.parametrize(
    ("content", "media_type", "reason"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "application/msword", "old-word"),
        (b"{\\rtf1 abc}", "application/rtf", "rich-text"),
        (b"PK\x03\x04" + bytes(40), DOCX, None),
        (b"%PDF-1.7 nothing", "application/pdf", None),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "image/png", None),
        (b"", DOCX, None),
        (bytes(5000), "application/octet-stream", None),
    ],
)
async def test_a_file_that_cannot_be_read_is_refused_with_what_to_do(
    http: httpx.AsyncClient, log: Client, content: bytes, media_type: str, reason: str | None
) -> None:
    before = (await stream_info(log)).state.messages
    answer = await post(http, content, media_type)
    assert (answer.status_code, answer.json()["code"]) == (422, "unreadable-notice"), answer.text
    assert "Chưa có gì được ghi nhận" in answer.json()["detail"]
    if reason:
        assert answer.json()["reason"] == reason
    assert (await stream_info(log)).state.messages == before


@pytest.mark.parametrize(
    ("content", "media_type", "status", "code"),
    [
        (b"", "multipart/form-data", 400, "form-unusable"),
        (b"abc", "multipart/form-data; boundary=x", 400, "form-unusable"),
        (NO_FILE, "multipart/form-data; boundary=x", 400, "form-unusable"),
        (bytes(33 * 1024 * 1024), "application/pdf", 413, "too-large"),
    ],
)
async def test_a_form_that_holds_no_one_file_is_refused(
    http: httpx.AsyncClient, content: bytes, media_type: str, status: int, code: str
) -> None:
    answer = await post(http, content, media_type)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_two_files_at_once_are_refused(http: httpx.AsyncClient, number: str) -> None:
    files = [("file", ("a.docx", as_word(notice(number)), DOCX)), ("file", ("b.docx", b"x", DOCX))]
    answer = await http.post("/v1/conclusions", files=files)
    assert (answer.status_code, answer.json()["code"]) == (400, "form-unusable")


@pytest.mark.parametrize("sha256", ["0" * 64, "abc", "../../etc/passwd"])
async def test_a_document_that_no_notice_came_in_is_not_there(http: httpx.AsyncClient, sha256: str) -> None:
    assert (await http.get(f"/v1/documents/{sha256}")).status_code in {404, 422}
