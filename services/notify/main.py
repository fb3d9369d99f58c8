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
from services.notify.organisation import Organisation
from services.notify.outbox import Outbox
from services.notify.pages import routes as pages
from services.notify.preferences.hours import OfficeHours
from services.notify.projection.projection import Office
from services.notify.projector import Projector
from services.notify.reminders.keeping import Keeping
from services.notify.reminders.plan import Plan, steps_of
from services.notify.reminders.reading import Reminders
from services.notify.reminders.rules import Line
from services.notify.reminders.telling import Telling
from services.notify.settings import NotifySettings
from services.notify.tables import parked
from services.notify.webhooks.posting import Posting
from services.notify.webhooks.views import webhooks_note
from shared import health
from shared.database import database_check, engine, parked_note
from shared.identity.gate import Gate
from shared.log.connect import broker, connected
from shared.log.record import Record
from shared.serving import application, configured, follower_check, log_check, running, serve, until_closed
from shared.working_days import WorkingDays


def notify(settings: NotifySettings) -> FastAPI:
    """The application: projector, outbox and delivery in the background, the inboxes in front."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        url = settings.database_url.get_secret_value()
        nats_broker, pool = broker(settings, "notify"), engine(url, "ketluan notify")
        # Connections of its own: however many readers there are, telling people goes on.
        working = engine(url, "ketluan notify worker", connections=12)
        client = await connected(nats_broker)
        try:

            def decided() -> None:
                outbox.wake()
                for delivery in deliveries:
                    delivery.wake()
                posting.wake()

            app.state.gate = gate = Gate.of(settings, client, "notify")
            # What a channel looks up stands alone: it needs no transaction around it.
            looking = working.execution_options(isolation_level="AUTOCOMMIT")
            channels = available(settings, looking, gate.tokens)
            app.state.channels = frozenset(each.name for each in channels)
            app.state.mail_from = settings.mail_from
            days = WorkingDays(settings.extra_holidays, settings.extra_workdays)
            office = Office(app.state.channels, OfficeHours(days, ZoneInfo(settings.zone)))
            projector = Projector(working, client, settings.nats_replicas, office, decided)
            live = LiveInboxes(pool, lambda: projector.position)
            outbox = Outbox(working, client, projector.reached, live.on_line)
            late: dict[Line, int] = {
                "unit": settings.escalate_unit,
                "office": settings.escalate_office,
                "leader": settings.escalate_leader,
            }
            plan = Plan(steps_of(settings.reminder_offsets, late), settings.reminder_hour, office.hours)
            telling = Telling(
                working, client, plan, projector.reached, lambda: projector.directory, lambda: projector.office, decided
            )
            keeping = Keeping(working, client, plan, telling)

            def committed(records: Sequence[Record]) -> None:
                live.committed(records)
                keeping.committed(records)

            projector.committed = committed
            deliveries = [ChannelDelivery(working, each, settings, outbox.wake) for each in channels]

            posting = Posting.of(settings, pool, working, client, projector.reached)

            async def once_caught_up(work: Callable[[], Awaitable[None]]) -> None:
                await projector.caught_up.wait()
                await work()

            tasks = [
                projector.run(),
                gate.identity.run(),
                once_caught_up(outbox.run),
                once_caught_up(posting.run),
                once_caught_up(telling.run),
                once_caught_up(keeping.run),
                keeping.listen(),
                live.run(),
                until_closed(client),
            ]
            tasks += [once_caught_up(each.run) for each in deliveries]
            checks = {
                "log": log_check(client),
                "database": database_check(pool),
                "projector": projector.health,
                "identity": follower_check(gate.identity.follower),
            }
            notes = {
                "parked": parked_note(pool, parked, "/v1/notifications/parked"),
                "undelivered": undelivered_note(pool, "/v1/deliveries"),
                "webhooks": webhooks_note(pool, "/v1/webhooks"),
                "reminders": keeping.note,
            }
            health.install(app, "notify", checks, notes, lambda: projector.position)
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
