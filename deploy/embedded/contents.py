"""What a new installation begins with, and which meeting a start shows."""

import asyncio
from pathlib import Path

import httpx

import deploy
from deploy.directory_import import import_directory
from deploy.embedded.progress import Progress
from deploy.overview.client import Facts, Gateway
from shared.directory.file import read_file
from shared.language import Words
from shared.log.connect import broker, connected
from shared.log.read import last_on
from shared.settings import NatsSettings

SAMPLE = Path(deploy.__path__[0]) / "sample"

_DIRECTORY = Words("Danh bạ mẫu", "the sample directory")
_NOTICE = Words("Gửi thông báo kết luận", "posting the notice")
_READING = Words("Đọc lại kết quả", "reading what became of it")


async def is_empty(settings: NatsSettings) -> bool:
    """Whether the log holds neither units nor meetings."""
    nats_broker = broker(settings, "ketluan-run")
    try:
        client = await connected(nats_broker)
        found = await asyncio.gather(last_on(client, "log.unit.*"), last_on(client, "log.meeting.*"))
    finally:
        await nats_broker.stop()
    return not any(found)


async def begin(settings: NatsSettings, public_url: str, notice: bytes | None, progress: Progress) -> Facts | None:
    """Imports and posts the samples where the log is empty, posts the notice that was given, and reads the result.

    Without a notice the latest meeting is read; None where there is none.

    Raises:
        Refused: intake refused the notice; nothing of it was recorded.
    """
    if await is_empty(settings):
        with progress.step(_DIRECTORY):
            name = "directory.yaml"
            await import_directory(settings, read_file((SAMPLE / name).read_bytes(), name))
        notice = notice or (SAMPLE / "thong-bao.txt").read_bytes()
    headers = {"Accept-Language": "vi"}
    async with httpx.AsyncClient(base_url=public_url, timeout=60, headers=headers, trust_env=False) as client:
        gateway = Gateway(client)
        meeting_id: str | None
        sequence: int | None
        if notice is not None:
            with progress.step(_NOTICE):
                meeting_id, sequence = await gateway.post_notice(notice)
        else:
            meeting_id, sequence = await gateway.latest_meeting(), None
        if meeting_id is None:
            return None
        with progress.step(_READING):
            return await gateway.facts(meeting_id, sequence)
