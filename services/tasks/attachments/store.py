"""Where files lie, and to which tasks they belong."""

from dataclasses import dataclass

from nats.aio.client import Client
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.attachments.kinds import media_type_of
from services.tasks.register import tables
from services.tasks.register.tasks import Sight, seen
from services.tasks.task.decision import StoredFile
from shared.log.objects import described, fetched, stored


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A file as it was handed in with a task."""

    name: str
    media_type: str


async def keep(client: Client, content: bytes, media_type: str) -> str:
    """Keeps a file of a kind that is taken, and gives its SHA-256.

    Raises:
        LogUnavailable, LogRefused: see `shared.log.objects.stored`.
    """
    return await stored(client, "attachments", content, media_type)


async def content_of(client: Client, sha256: str) -> bytes | None:
    """The bytes of a file, or None where none of that SHA-256 was kept.

    Raises:
        ObjectDamaged, LogUnavailable, LogRefused: see `shared.log.objects.fetched`.
    """
    return await fetched(client, "attachments", sha256)


async def stored_file(client: Client, sha256: str) -> StoredFile | None:
    """What a command that names a file has to know of it; None where none was kept.

    Raises:
        ObjectDamaged, LogUnavailable, LogRefused: see `shared.log.objects.fetched`.
    """
    known = await described(client, "attachments", sha256)
    if known is None:
        return None
    # Whoever keeps files there by other means may state no kind.
    media_type = known.media_type or media_type_of(await content_of(client, sha256) or b"")
    return StoredFile(media_type, known.size) if media_type else None


async def handed_in(connection: AsyncConnection, sha256: str, sight: Sight) -> HandedIn | None:
    """How a file was last handed in with a task that its reader may see; None where it was with none of those."""
    attachment, task = tables.attachment, tables.task
    statement = (
        select(attachment.c.name, attachment.c.media_type)
        .join(task, task.c.id == attachment.c.task_id)
        .where(attachment.c.sha256 == sha256, task.c.in_force, seen(sight))
        .order_by(attachment.c.sequence.desc())
        .limit(1)
    )
    row = (await connection.execute(statement)).one_or_none()
    return HandedIn(row.name, row.media_type) if row else None
