"""No document harms the service that received it: reading has a process, a time and a memory of its own."""

import asyncio
import os
import time
from collections.abc import AsyncIterator

import pytest

from services.intake.reading.isolated import DocumentReader
from services.intake.reading.limits import ReadingLimits
from services.intake.reading.policy import ReadingPolicy
from services.intake.reading.unreadable import UnreadableNotice
from tests.documents import in_vni, paragraph, word
from tests.hostile import HOSTILE
from tests.reading_processes import environment_of, peak_bytes, reading_processes
from tests.unit.reading.notices import WRAPPED

MIB = 1024 * 1024
POLICY = ReadingPolicy()


@pytest.fixture
async def reader() -> AsyncIterator[DocumentReader]:
    """A reader with its first process started."""
    async with DocumentReader() as started:
        yield started


async def test_a_document_comes_back_with_its_text_and_its_notice(reader: DocumentReader) -> None:
    reading = await reader.read_document(in_vni(WRAPPED), None, "thong-bao.txt", POLICY)
    assert reading.media_type == "text/plain"
    assert "SỞ KHOA HỌC VÀ CÔNG NGHỆ" in reading.text
    assert len(reading.notice.conclusion.directives) == 7
    assert reading.notice.doubts[0].code == "legacy-encoding"
    first = reading.notice.conclusion.directives[0]
    assert first.span is not None
    assert " ".join(reading.text[slice(*first.span)].split()) == first.text


async def test_the_process_is_used_again_and_ended_with_the_reader() -> None:
    async with DocumentReader() as reader:
        await reader.read_document(WRAPPED.encode(), None, None, POLICY)
        (before,) = reading_processes()
        await reader.read_document(WRAPPED.encode(), None, None, POLICY)
        assert reading_processes() == [before]
    assert reading_processes() == []


async def test_a_page_does_not_wait_for_its_process(reader: DocumentReader) -> None:
    await reader.read_document(WRAPPED.encode(), None, None, POLICY)
    document = word("".join(map(paragraph, WRAPPED.splitlines())))
    await reader.read_document(document, None, None, POLICY)
    fastest = 1.0
    for _ in range(5):
        began = time.perf_counter()
        await reader.read_document(document, None, None, POLICY)
        fastest = min(fastest, time.perf_counter() - began)
    assert fastest < 0.05


@pytest.mark.parametrize("what", HOSTILE)
async def test_harm_is_refused_soon_and_the_next_document_is_read(reader: DocumentReader, what: str) -> None:
    content = HOSTILE[what]()
    peak = 0

    async def watch() -> None:
        nonlocal peak
        while True:
            peak = max([peak, *map(peak_bytes, reading_processes())])
            await asyncio.sleep(0.02)

    watching = asyncio.create_task(watch())
    began = time.monotonic()
    with pytest.raises(UnreadableNotice) as refusal:
        await reader.read_document(content, None, None, POLICY)
    assert time.monotonic() - began < 5
    watching.cancel()
    assert peak < 200 * MIB
    assert "Chưa có gì được ghi nhận" in refusal.value.detail.to("vi", **refusal.value.values)
    again = await reader.read_document(WRAPPED.encode(), None, None, POLICY)
    assert len(again.notice.conclusion.directives) == 7


async def test_what_takes_too_long_is_stopped_and_says_so() -> None:
    async with DocumentReader(ReadingLimits(seconds=0.01)) as reader:
        with pytest.raises(UnreadableNotice) as refusal:
            await reader.read_document(WRAPPED.encode() * 50, None, None, POLICY)
    assert refusal.value.code == "took-too-long"


async def test_a_process_that_dies_is_an_answer_and_not_a_fault(reader: DocumentReader) -> None:
    reading = asyncio.create_task(reader.read_document(b"Giao " * 300_000, None, None, POLICY))
    await asyncio.sleep(0.3)
    os.kill(reading_processes()[0], 9)
    with pytest.raises(UnreadableNotice) as refusal:
        await reading
    assert refusal.value.code == "broke-the-reader"
    assert (await reader.read_document(WRAPPED.encode(), None, None, POLICY)).text == WRAPPED


async def test_a_document_does_not_pay_for_a_process_that_died_before_it_came(reader: DocumentReader) -> None:
    await reader.read_document(WRAPPED.encode(), None, None, POLICY)
    os.kill(reading_processes()[0], 9)
    async with asyncio.timeout(5):
        while reading_processes():  # noqa: ASYNC110 - the system tells when asked
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    assert (await reader.read_document(WRAPPED.encode(), None, None, POLICY)).text == WRAPPED


async def test_more_documents_than_processes_are_all_read(reader: DocumentReader) -> None:
    readings = await asyncio.gather(*(reader.read_document(WRAPPED.encode(), None, None, POLICY) for _ in range(12)))
    assert {len(reading.notice.conclusion.directives) for reading in readings} == {7}
    assert len(reading_processes()) <= ReadingLimits().at_once


async def test_a_reading_that_nobody_waits_for_leaves_no_process_behind(reader: DocumentReader) -> None:
    waiting = asyncio.create_task(reader.read_document(b"Giao " * 300_000, None, None, POLICY))
    await asyncio.sleep(0.3)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert (await reader.read_document(WRAPPED.encode(), None, None, POLICY)).text == WRAPPED


async def test_the_process_finds_the_languages_where_this_machine_keeps_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TESSDATA_PREFIX", "/opt/tessdata")
    monkeypatch.setenv("KETLUAN_SESSION_KEY", "secret")
    async with DocumentReader() as reader:
        await reader.read_document(WRAPPED.encode(), None, None, POLICY)
        (started,) = reading_processes()
        told = environment_of(started)
    assert b"TESSDATA_PREFIX=/opt/tessdata" in told
    assert not any(each.startswith(b"KETLUAN_") for each in told)
