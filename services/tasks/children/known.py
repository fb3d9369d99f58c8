"""What the children of this body last said of themselves, kept current in memory."""

import asyncio
import datetime as dt
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

import structlog
from nats.aio.client import Client

from services.tasks.children.summary import SharedSummary, UnreadableSummary, read_summary
from shared.log import children
from shared.log.faults import LogFault
from shared.log.follow import Follower
from shared.log.record import Record
from shared.log.stream import state_of, stream_info

STALE = dt.timedelta(minutes=10)
"""Whose last word is older than that is said to be silent."""

_PAUSE_SECONDS = 1.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Child:
    """An organisation that shares its summary. `heard_at` is when the last readable one arrived; `fault` says what was
    wrong with one that came behind it."""

    organisation: str
    summary: SharedSummary | None = None
    heard_at: dt.datetime | None = None
    fault: str | None = None

    def is_silent(self, now: dt.datetime) -> bool:
        """Whether nothing was heard of it for too long."""
        return self.heard_at is None or now - self.heard_at > STALE


@dataclass
class KnownChildren:
    """Follows what these organisations say. `children` are all of them, in the order in which they are named."""

    client: Client
    organisations: Sequence[str]
    children: dict[str, Child] = field(default_factory=dict)
    fault: str | None = None

    def __post_init__(self) -> None:
        self.children = {each: Child(each) for each in self.organisations}

    async def run(self) -> None:
        """Follows for ever; a stream that is away, or was made anew, delays it."""
        while True:
            try:
                state = state_of(await stream_info(self.client, children.STREAM))
                subjects = (children.child_subject("*"),)
                follower = Follower(self.client, "tasks-children", subjects, children.STREAM)
                async with aclosing(follower.batches(0, state.created)) as batches:
                    self.fault = None
                    async for batch in batches:
                        for record in batch:
                            self.hear(record)
            except LogFault as fault:
                log.warning("children_unheard", fault=str(fault))
                self.fault = str(fault)
                await asyncio.sleep(_PAUSE_SECONDS)

    def hear(self, record: Record) -> None:
        """Takes in what a child said. One that is not among the children is not heard."""
        organisation = record.subject.removeprefix(children.PREFIX)
        if organisation not in self.children:
            return
        try:
            found = Child(organisation, read_summary(record.content, record.stored_at), record.stored_at)
        except UnreadableSummary as error:
            log.error("unreadable_summary", organisation=organisation, error=str(error))
            before = self.children[organisation]
            found = Child(organisation, before.summary, before.heard_at, str(error))
        self.children[organisation] = found

    async def note(self) -> str | None:
        """Whose word is missing or unreadable, as a note of the process's health."""
        now = dt.datetime.now(dt.UTC)
        silent = [each.organisation for each in self.children.values() if each.is_silent(now) or each.fault]
        return self.fault or (f"no readable word of late from {', '.join(silent)}" if silent else None)
