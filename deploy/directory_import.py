"""`ketluan directory import`: a file of units and people becomes the events that the log lacks."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

import httpx

from shared.directory.changes import Change
from shared.directory.file import DirectoryFile, PersonEntry
from shared.directory.write import write_file
from shared.identity.tokens import Service, Tokens
from shared.log.connect import broker, connected
from shared.log.stream import check
from shared.settings import NatsSettings

ACTOR = "service.directory"
_ADMINISTRATOR = Service(name="directory", roles=("administrator",))

_AT_ONCE = 8
_PATIENCE_SECONDS = 10


async def import_directory(settings: NatsSettings, file: DirectoryFile) -> tuple[Change, ...]:
    """Appends what the log lacks of the file, and gives that; the same file again appends nothing.

    Raises:
        UnknownUnit: the file names a unit that nobody knows; nothing was written.
        StreamDrift, LogUnavailable, LogRefused, Conflict: the log does not take it; importing again completes it.
    """
    nats_broker = broker(settings, "ketluan-directory")
    try:
        client = await connected(nats_broker)
        await check(client, settings.nats_replicas)
        return await write_file(client, file, ACTOR)
    finally:
        await nats_broker.stop()


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A person whose address the notify service did not take, and what was in the way."""

    person_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Told:
    """How many addresses the notify service took, and those that it did not."""

    taken: int
    not_taken: tuple[NotTaken, ...]


async def put_contacts(public_url: str, people: Iterable[PersonEntry], tokens: Tokens) -> Told:
    """Gives the notify service the addresses of the file. They never enter the log.

    An address that is refused holds up no other. When the service stops answering, the others are not tried: doing
    all of it again is safe.
    """
    away: list[str] = []
    room = asyncio.Semaphore(_AT_ONCE)
    headers = {"Accept-Language": "vi"}
    # An address must not go through a proxy that happens to be set.
    async with httpx.AsyncClient(
        base_url=public_url, timeout=_PATIENCE_SECONDS, headers=headers, trust_env=False
    ) as client:

        async def put(person: PersonEntry) -> NotTaken | None:
            async with room:
                if away:
                    return NotTaken(person.id, away[0])
                try:
                    own = {"Authorization": f"Bearer {tokens.give(_ADMINISTRATOR)}"}
                    answer = await client.put(f"/v1/contacts/{person.id}", json={"mail": person.mail}, headers=own)
                except httpx.HTTPError as error:
                    away.append(str(error) or type(error).__name__)
                    return NotTaken(person.id, away[0])
            if answer.is_success:
                return None
            reason = _refusal(answer)
            if answer.is_server_error:
                away.append(reason)
            return NotTaken(person.id, reason)

        outcomes = await asyncio.gather(*(put(person) for person in people if person.mail))
    not_taken = tuple(outcome for outcome in outcomes if outcome)
    return Told(len(outcomes) - len(not_taken), not_taken)


def _refusal(answer: httpx.Response) -> str:
    """What the answer says of itself: the words of its problem details, where it holds any."""
    try:
        problem = answer.json()
        told = [str(problem["title"]), *(str(error["detail"]) for error in problem.get("errors", ()))]
    except (ValueError, KeyError, TypeError, AttributeError):
        told = [answer.reason_phrase]
    return f"{answer.status_code} {'; '.join(told)}"
