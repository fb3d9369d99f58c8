"""Which meeting a start shows, and how a new installation comes by its first one."""

import asyncio

import httpx

from deploy.embedded import local_client
from deploy.embedded.installation import Installation
from deploy.embedded.progress import Progress
from deploy.embedded.refusal import NOTICE_REFUSED, UNFINISHED, CannotStart
from deploy.overview.client import Facts, Gateway, Refused
from shared.language import Words

_PATIENCE_SECONDS = 20.0

_DIRECTORY = Words("Danh bạ mẫu", "the sample directory")
_WORK = Words("Công việc mẫu của tháng trước", "the sample work of the month before")
_NOTICE = Words("Gửi thông báo kết luận", "posting the notice")
_READING = Words("Đọc lại kết quả", "reading what became of it")


async def begin(installation: Installation, notice: bytes | None, progress: Progress) -> Facts | None:
    """Imports and posts the samples where the log is empty, posts the notice that was given, and reads the result.

    Without a notice the latest meeting is read; None where there is none.

    Raises:
        CannotStart: intake refused the notice, of which nothing was recorded; or a part stopped answering on the way.
    """
    try:
        return await _begun(installation, notice, progress)
    except Refused as refused:
        raise CannotStart(UNFINISHED, reason=_words(refused)) from refused
    except httpx.HTTPError as error:
        raise CannotStart(UNFINISHED, reason=str(error) or type(error).__name__) from error


async def _begun(installation: Installation, notice: bytes | None, progress: Progress) -> Facts | None:
    key = local_client.kept(installation.folder) or await _issued(installation)
    try:
        return await _shown(installation, notice, progress, key)
    except Refused as refused:
        # It is over, or the log is another one than that for which it was issued.
        if refused.status != httpx.codes.UNAUTHORIZED:
            raise
    return await _shown(installation, notice, progress, await _issued(installation))


async def _issued(installation: Installation) -> str:
    from shared.log.faults import LogFault

    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return await local_client.issue(installation.nats_settings("directory"), installation.folder)
    except (LogFault, TimeoutError) as fault:
        raise CannotStart(UNFINISHED, reason=str(fault) or "the log does not answer") from fault


async def _shown(installation: Installation, notice: bytes | None, progress: Progress, key: str) -> Facts | None:
    headers = {"Accept-Language": "vi", "Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(
        base_url=installation.public_url, timeout=60, headers=headers, trust_env=False
    ) as client:
        gateway = Gateway(client)
        meeting_id, sequence = await gateway.latest_meeting(), None
        if meeting_id is None or installation.folder.samples.exists():
            notice = await _first(installation, gateway, notice, progress)
        if notice is not None:
            with progress.step(_NOTICE):
                meeting_id, sequence = await _posted(gateway, notice)
            installation.folder.samples.unlink(missing_ok=True)
        if meeting_id is None:
            return None
        with progress.step(_READING):
            return await gateway.facts(meeting_id, sequence)


async def _posted(gateway: Gateway, notice: bytes) -> tuple[str, int]:
    try:
        return await gateway.post_notice(notice)
    except Refused as refused:
        raise CannotStart(NOTICE_REFUSED, reason=_words(refused)) from refused


def _words(refused: Refused) -> str:
    return " ".join((refused.title, *refused.details))


async def _first(
    installation: Installation, gateway: Gateway, notice: bytes | None, progress: Progress
) -> bytes | None:
    """The notice that an installation without meetings posts; imports the directory that it needs.

    Where none was given, the sample's is posted, and what went before it comes first.
    """
    # Loading the log's libraries takes longer than all the rest of a later start, which does without them.
    from deploy.embedded.sample import CHIEF_OF_OFFICE, import_sample_directory, is_empty, sample_notice
    from deploy.embedded.sample_work import do_sample_work
    from shared.identity.tokens import Tokens
    from shared.log.faults import LogFault

    settings, folder = installation.nats_settings("directory"), installation.folder
    try:
        # The mark lets the next start complete what this one leaves unfinished; doing any of it twice writes nothing.
        if not folder.samples.exists():
            if not await is_empty(settings):
                return notice
            with folder.refusing():
                folder.write(folder.samples, "begun\n")
        with progress.step(_DIRECTORY):
            await import_sample_directory(settings)
        with folder.refusing():
            folder.write(folder.newcomer, f"{CHIEF_OF_OFFICE}\n")
    except LogFault as fault:
        raise CannotStart(UNFINISHED, reason=fault) from fault
    if notice is not None:
        return notice
    with progress.step(_WORK):
        await do_sample_work(gateway, Tokens(installation.session_key))
    return sample_notice()
