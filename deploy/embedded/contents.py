"""Which meeting a start shows, and how a new installation comes by its first one."""

import httpx

from deploy.embedded.installation import Installation
from deploy.embedded.progress import Progress
from deploy.overview.client import Facts, Gateway
from shared.language import Words

_DIRECTORY = Words("Danh bạ mẫu", "the sample directory")
_NOTICE = Words("Gửi thông báo kết luận", "posting the notice")
_READING = Words("Đọc lại kết quả", "reading what became of it")


async def begin(installation: Installation, notice: bytes | None, progress: Progress) -> Facts | None:
    """Imports and posts the samples where the log is empty, posts the notice that was given, and reads the result.

    Without a notice the latest meeting is read; None where there is none.

    Raises:
        Refused: intake refused the notice; nothing of it was recorded.
    """
    headers = {"Accept-Language": "vi"}
    async with httpx.AsyncClient(
        base_url=installation.public_url, timeout=60, headers=headers, trust_env=False
    ) as client:
        gateway = Gateway(client)
        meeting_id, sequence = await gateway.latest_meeting(), None
        if meeting_id is None:
            notice = await _first(installation, notice, progress)
        if notice is not None:
            with progress.step(_NOTICE):
                meeting_id, sequence = await gateway.post_notice(notice)
            installation.folder.samples.unlink(missing_ok=True)
        if meeting_id is None:
            return None
        with progress.step(_READING):
            return await gateway.facts(meeting_id, sequence)


async def _first(installation: Installation, notice: bytes | None, progress: Progress) -> bytes | None:
    """The notice that an installation without meetings posts; imports the directory that it needs."""
    # Loading the log's libraries takes longer than all the rest of a later start, which does without them.
    from deploy.embedded.sample import import_sample_directory, is_empty, sample_notice

    settings, folder = installation.nats_settings("directory"), installation.folder
    # The mark lets the next start complete what this one leaves unfinished; doing any of it twice writes nothing.
    if not folder.samples.exists():
        if not await is_empty(settings):
            return notice
        with folder.refusing():
            folder.write(folder.samples, "begun\n")
    with progress.step(_DIRECTORY):
        await import_sample_directory(settings)
    return notice or sample_notice()
