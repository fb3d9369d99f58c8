"""Why a person was told of an event, or was not: decided once more on the log as it stood then."""

from collections.abc import Callable
from dataclasses import dataclass

from nats.aio.client import Client
from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.notify.explanation import (
    ChannelView,
    Explanation,
    Outcome,
    ToldOf,
    channel_view,
    explained_event,
    outcome_words,
    rule_view,
    summary,
)
from services.notify.organisation import Organisation
from services.notify.past import Chosen, Stored, case_of, chosen_at, closing, event_at, floors_at
from services.notify.policy.case import Case, Notification
from services.notify.policy.people import People
from services.notify.policy.why import verdicts
from services.notify.preferences.floors import Floor, floor_of
from services.notify.preferences.timing import answer
from services.notify.projection.addressing import OUTSIDE, reachable
from services.notify.projection.projection import Office
from services.notify.tables import cause, delivery, notification
from shared.database import translated
from shared.directory.directory import Directory
from shared.events.fields import Channel
from shared.events.inbox import NotificationRequested


@dataclass(frozen=True, slots=True)
class Explainer:
    """Answers why, from the log and, for what became of it, from the tables. `now` gives how decisions are made now."""

    engine: AsyncEngine
    client: Client
    organisation: Organisation
    now: Callable[[], Office]

    async def explain(self, event: str, person_id: str, own: bool = False) -> Explanation | None:
        """Why a person was told, or not, of an event: named by its sequence or id, or by the id of a notification of
        it. None where there is no such event; with `own`, where it is nothing that the person could see either.

        An event's id is known where a rule considers the event; any event is found by its sequence.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
            LogUnavailable, LogRefused: the log does not answer, or refuses.
        """
        stored = await self._event(event)
        if stored and isinstance(stored.event.data, NotificationRequested):
            stored = await self._event(stored.event.envelope.causationid)
        if stored is None:
            return None
        stored = await closing(self.client, stored)
        directory = await self.organisation.at(stored.sequence - 1)
        chosen = await chosen_at(self.client, person_id, stored.sequence)
        case = await case_of(self.client, stored, frozenset(chosen.watched), person_id)
        people = People(directory)
        found = list(verdicts(case, people, self.now().adopted, person_id))
        if own and not any(each.notification for each in found) and not _sees(people, person_id, case):
            return None
        told = next((each.notification for each in found if each.told), None)
        with translated():
            async with self.engine.connect() as connection:
                notifications = await _notifications(connection, stored, person_id)
                ids = {each.notification_id for each in notifications}
                requested = told is not None and told.id(stored.event.envelope.id) in ids
                channels: list[ChannelView] = []
                if told:
                    floor = await self._floor(directory, person_id, stored.sequence)
                    channels = await self._channels(connection, stored, told, chosen, floor, requested)
        known = directory.people.get(person_id)
        return Explanation(
            event=explained_event(stored.event.envelope, stored.sequence),
            person_id=person_id,
            person_name=known.name if known else None,
            told=told is not None,
            summary=summary(case, found, requested),
            rules=[rule_view(each) for each in found],
            channels=channels,
            notifications=notifications,
        )

    async def _event(self, event: str) -> Stored | None:
        sequence = await self._sequence(event)
        return await event_at(self.client, sequence) if sequence else None

    async def _sequence(self, event: str) -> int | None:
        if event.isdecimal():
            return int(event)
        of_cause = select(cause.c.sequence).where(cause.c.event_id == event)
        told = (
            select(cause.c.sequence)
            .join(notification, notification.c.cause == cause.c.event_id)
            .where(or_(notification.c.notification_id == event, notification.c.event_id == event))
        )
        with translated():
            async with self.engine.connect() as connection:
                found = await connection.scalar(of_cause)
                return found if found is not None else await connection.scalar(told)

    async def _floor(self, directory: Directory, person_id: str, sequence: int) -> Floor:
        person = directory.people.get(person_id)
        above: list[str] = []
        unit_id = person.unit_id if person else None
        while unit_id and unit_id not in above:
            above.append(unit_id)
            unit = directory.units.get(unit_id)
            unit_id = unit.parent_id if unit else None
        if not above:
            return {}
        return floor_of(above[0], await floors_at(self.client, above, sequence), directory)

    async def _channels(
        self,
        connection: AsyncConnection,
        stored: Stored,
        told: Notification,
        chosen: Chosen,
        floor: Floor,
        requested: bool,
    ) -> list[ChannelView]:
        ways = await reachable(connection, {told.person_id})
        own = delivery.c.notification_id == told.id(stored.event.envelope.id)
        outcomes = {
            row.channel: Outcome(
                state=row.state,
                words=outcome_words(row.state),
                not_before=row.not_before,
                digest=row.digest,
                attempts=row.attempts,
                at=row.settled_at,
                error=row.error,
            )
            for row in await connection.execute(select(delivery).where(own))
        }
        reached = ways.get(told.person_id, ())
        channels: tuple[Channel, ...] = ("inbox", *OUTSIDE)
        found = []
        for channel in channels:
            decided = answer(
                chosen.preferences, floor, told.category, told.urgency, channel, stored.place.at, self.now().hours
            )
            passed_over = requested and decided.timing is not None and channel not in outcomes
            obstacle = self._obstacle(channel, channel in reached, passed_over)
            found.append(channel_view(channel, decided, obstacle, outcomes.get(channel)))
        return found

    def _obstacle(self, channel: Channel, reached: bool, passed_over: bool) -> str | None:
        """`passed_over` says that the request does not name a channel that was wanted."""
        if channel == "inbox":
            return None
        if channel not in self.now().channels:
            return "not-installed"
        if not reached:
            return "no-address"
        return "not-asked" if passed_over else None


def _sees(people: People, person_id: str, case: Case) -> bool:
    tasks = [change.after for change in case.changes]
    return any(people.sees(person, task) for person in people.person(person_id) for task in tasks)


async def _notifications(connection: AsyncConnection, stored: Stored, person_id: str) -> list[ToldOf]:
    own = (notification.c.cause == stored.event.envelope.id) & (notification.c.person_id == person_id)
    rows = await connection.execute(select(notification).where(own).order_by(notification.c.sequence))
    return [
        ToldOf(
            notification_id=row.notification_id,
            sequence=row.sequence,
            rule=row.rule,
            requested_at=row.requested_at,
            due=row.due,
            offset=row.offset,
            read_at=row.read_at,
            acknowledged_at=row.acknowledged_at,
        )
        for row in rows
    ]
