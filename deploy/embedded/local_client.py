"""The program as which this machine's own runs post notices and read them back, and its key."""

from contextlib import suppress
from typing import TYPE_CHECKING

from deploy.embedded.folder import DataFolder

if TYPE_CHECKING:
    from shared.events.client import Scope
    from shared.settings import NatsSettings

CLIENT_ID = "local"
_NAME = "Máy này (this machine)"
_SCOPES: "tuple[Scope, ...]" = (
    "conclusions:write",
    "tasks:read",
    "tasks:write",
    "events:read",
    "notifications:read",
    "directory:write",
)
_DAYS = 365


async def issue(settings: "NatsSettings", folder: DataFolder) -> str:
    """A new key, which is kept in the data folder for whoever owns that.

    Raises:
        LogFault: the log does not take it; nothing was issued, or nothing that anybody has.
        CannotStart: the folder cannot be written.
    """
    # Loading the log's libraries takes longer than all the rest of a later start, which does without them.
    from deploy.administration import log_of
    from shared.identity.administration import Taken, issue_key, register_client

    async with log_of(settings) as client:
        with suppress(Taken):
            await register_client(client, CLIENT_ID, _NAME, _SCOPES)
        key = await issue_key(client, CLIENT_ID, _DAYS)
    with folder.refusing():
        folder.write(folder.api_key, f"{key.text}\n")
    return key.text


def kept(folder: DataFolder) -> str | None:
    """The key that the folder keeps; None where it keeps none.

    Raises:
        CannotStart: the folder cannot be read.
    """
    with folder.refusing():
        text = folder.read_text(folder.api_key)
    return text.strip() if text else None
