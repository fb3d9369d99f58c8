"""Puts notify together and runs it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from zoneinfo import ZoneInfo

from fastapi import FastAPI

from services.notify import links
from services.notify.api import routes
from services.notify.api.source import Reading
from services.notify.channels.available import available
from services.notify.channels.mail.smtp import Mailer
from services.notify.channels.push import PushKey
from services.notify.delivery.dead_letters import undelivered_note
from services.notify.delivery.engine import ChannelDelivery
from services.notify.explain import Explainer
from services.notify.floors import FloorDoor
from services.notify.handlers import Door
from services.notify.live import LiveInboxes
from services.notify.metrics import sample
from services.notify.organisation import Organisation
from services.notify.outbox import DECIDED, Outbox
from services.notify.pages import routes as pages
from services.notify.preferences.hours import OfficeHours
from services.notify.projection.projection import Office
from services.notify.projector import CHANNEL, PROJECTOR, Projector
from services.notify.pruning import Pruning
from services.notify.reminders.keeping import Keeping
from services.notify.reminders.plan import Plan, steps_of
from services.notify.reminders.reading import Reminders
from services.notify.reminders.rules import Line
from services.notify.reminders.telling import Telling
from services.notify.settings import NotifySettings
from services.notify.tables import SCHEMA, parked
from services.notify.webhooks.posting import Posting
from services.notify.webhooks.views import webhooks_note
from shared import health
from shared.database import database_check, engine, listening, parked_note
from shared.identity.gate import Gate
from shared.lease import Leases, new_copy
from shared.log.connect import broker, connected
from shared.log.record import Record
from shared.log.watch import LogWatch
from shared.log.writing import WRITING
from shared.serving import application, configured, follower_check, running, serve, until_closed
from shared.working_days import WorkingDays


def notify(settings: NotifySettings) -> FastAPI:
    """The application: projector, outbox and delivery in the background, the inboxes in front."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        url, copy = settings.database_url.get_secret_value(), new_copy()
        nats_broker, pool = broker(settings, "notify"), engine(url, f"ketluan notify {copy}")
        # Connections of its own: however many readers there are, telling people goes on.
        working = engine(url, f"ketluan notify worker {copy}", connections=12)
        leasing = engine(url, f"ketluan notify leases {copy}", connections=1)
        client = await connected(nats_broker)
        try:
            async with listening(url, CHANNEL) as advanced, listening(url, DECIDED) as news:

                def decided() -> None:
                    outbox.wake()
                    for delivery in deliveries:
                        delivery.wake()
                    posting.wake()

                app.state.gate = gate = Gate.of(settings, client, "notify")
                leases = Leases(leasing, SCHEMA, gate.identity.follower.hears, copy)
                # What a channel looks up stands alone: it needs no transaction around it.
                looking = working.execution_options(isolation_level="AUTOCOMMIT")
                channels = available(settings, looking, gate.tokens)
                app.state.channels = frozenset(each.name for each in channels)
                app.state.mail_from = settings.mail_from
                days = WorkingDays(settings.extra_holidays, settings.extra_workdays)
                office = Office(app.state.channels, OfficeHours(days, ZoneInfo(settings.zone)))
                projector = Projector(
                    working, client, settings.nats_replicas, office, decided, lambda: leases.holds(PROJECTOR), advanced
                )
                live = LiveInboxes(pool, lambda: projector.position)
                outbox = Outbox(working, client, projector.reached, live.on_line, lambda: leases.share)
                late: dict[Line, int] = {
                    "unit": settings.escalate_unit,
                    "office": settings.escalate_office,
                    "leader": settings.escalate_leader,
                }
                plan = Plan(steps_of(settings.reminder_offsets, late), settings.reminder_hour, office.hours)
                telling = Telling(
                    working,
                    client,
                    plan,
                    projector.reached,
                    lambda: projector.directory,
                    lambda: projector.office,
                    decided,
                )
                keeping = Keeping(working, client, plan, telling)

                def committed(records: Sequence[Record]) -> None:
                    live.committed(records)
                    keeping.committed(records)

                projector.committed = committed
                deliveries = [ChannelDelivery(working, each, settings, copy, outbox.wake) for each in channels]

                posting = Posting.of(settings, pool, working, client, projector.reached)

                async def once_caught_up(work: Callable[[], Awaitable[None]]) -> None:
                    await projector.caught_up.wait()
                    await work()

                async def heed_news() -> None:
                    while True:
                        if await news.next().wait():
                            decided()

                async def remind() -> None:
                    await leases.while_held("schedules", keeping.run)

                pruning = Pruning(working, settings.delivery_kept_days, settings.webhook_kept_days)

                async def prune() -> None:
                    await leases.while_held("pruning", pruning.run)

                async def checked() -> str | None:
                    return await projector.health() or leases.undone(PROJECTOR)

                async def noted() -> str | None:
                    return leases.stands_by(PROJECTOR)

                watch = LogWatch(client, settings.nats_replicas)
                tasks = [
                    watch.run(),
                    projector.run(),
                    leases.while_held(PROJECTOR, projector.lead),
                    gate.identity.run(),
                    once_caught_up(outbox.run),
                    once_caught_up(posting.run),
                    once_caught_up(remind),
                    once_caught_up(prune),
                    heed_news(),
                    live.run(),
                    leases.run(),
                    until_closed(client),
                ]
                tasks += [once_caught_up(each.run) for each in deliveries]
                checks = {
                    "log": watch.check,
                    "writing": WRITING.check,
                    "database": database_check(pool),
                    "projector": watch.reading(
                        projector.follower.name, lambda: projector.position, checked, lambda: leases.holds(PROJECTOR)
                    ),
                    "identity": follower_check(watch.follows(gate.identity.follower)),
                }
                watch.follows(projector.follower)
                notes = {
                    "followers": watch.note,
                    "projector": noted,
                    "copies": leases.note,
                    "parked": parked_note(pool, parked, "/v1/notifications/parked"),
                    "undelivered": undelivered_note(pool, "/v1/deliveries"),
                    "webhooks": webhooks_note(pool, "/v1/webhooks"),
                    "reminders": keeping.note,
                }
                samples = (sample(pool), leases.sample)
                health.install(app, "notify", checks, notes, lambda: projector.position, samples)
                async with running(*tasks):
                    mailer = Mailer(settings) if settings.smtp_host and settings.signin_links else None
                    app.state.links = links.Links(pool, gate, mailer, settings.public_url)
                    app.state.webhooks = posting.webhooks
                    app.state.office = lambda: projector.office
                    app.state.push_key = PushKey(settings.session_key.get_secret_value()).public
                    app.state.reminders = Reminders(pool, plan, lambda: projector.directory, lambda: projector.office)
                    app.state.explainer = Explainer(pool, client, Organisation(client), lambda: projector.office)
                    app.state.reading = Reading(
                        pool,
                        live,
                        Door(pool, live.moved, outbox.wake),
                        FloorDoor(pool, client, projector.reached),
                        lambda: projector.directory,
                        office.hours,
                        settings.public_url,
                        frozenset(settings.chat_services),
                        settings.webhook_allow_private,
                    )
                    yield
        finally:
            await nats_broker.stop()
            await pool.dispose()
            await working.dispose()
            await leasing.dispose()

    app = application("notify", "ketluan notify", settings.public_url, lifespan)
    routes.install(app)
    links.install(app)
    pages.install(app, settings.zone)
    return app


def main() -> None:
    """Runs notify until it is told to stop."""
    settings = configured("notify", NotifySettings)
    serve(notify(settings), settings)


if __name__ == "__main__":
    main()
