"""Puts tasks together and runs it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import FastAPI
from pydantic import Field

from services.tasks.api import (
    changes,
    clients,
    commands,
    directory,
    events,
    evidence,
    live,
    meetings,
    record,
    search,
    summary,
    verification,
    why,
)
from services.tasks.api import tasks as task_routes
from services.tasks.attachments import api as attachments
from services.tasks.ledger.growth import keep_tiles
from services.tasks.ledger.issuing import Issuer
from services.tasks.ledger.settings import CheckpointSettings
from services.tasks.live import LiveRegister
from services.tasks.opening import open_turns
from services.tasks.pages import routes as pages
from services.tasks.projector import CHANNEL, Projector
from services.tasks.projector_of_words import ProjectorOfWords
from services.tasks.reading import Reading
from services.tasks.record.scrubber import Scrubber, record_note
from services.tasks.record.verification import Sources
from services.tasks.register import tables
from services.tasks.signin import routes as signin
from services.tasks.signin.settings import SignInSettings
from shared import health
from shared.database import database_check, engine, listening, parked_note
from shared.identity.gate import Gate
from shared.log.connect import broker, connected
from shared.log.objects import LARGEST_BYTES
from shared.log.stream import check
from shared.serving import application, configured, follower_check, log_check, running, serve, until_closed
from shared.settings import CalendarSettings, DatabaseSettings, IdentitySettings, NatsSettings
from shared.working_days import WorkingDays


class TasksSettings(
    NatsSettings, DatabaseSettings, IdentitySettings, CalendarSettings, SignInSettings, CheckpointSettings
):
    """What the tasks service is told from outside."""

    attachment_bytes: Annotated[int, Field(ge=1, le=LARGEST_BYTES)] = 20 * 1024 * 1024
    """Most bytes of a file that is handed in with a task."""
    scrub_pace: Annotated[int, Field(ge=0, le=100_000)] = 200
    """How many events a second are verified without end; 0 verifies on demand only."""


def tasks(settings: TasksSettings) -> FastAPI:
    """The application: the projector in the background, the register in front."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        url = settings.database_url.get_secret_value()
        nats_broker, pool = broker(settings, "tasks"), engine(url, "ketluan tasks")
        # Connections of its own: however many readers there are, projecting goes on.
        writing = engine(url, "ketluan tasks projector", connections=3)
        recording = engine(url, "ketluan tasks record", connections=2)
        scrubbing = engine(url, "ketluan tasks scrubber", connections=5)
        client = await connected(nats_broker)
        try:
            await check(client, settings.nats_replicas)
            projector = Projector(writing, client, settings.nats_replicas)
            app.state.gate = gate = Gate.of(settings, client, "tasks")
            checks = {
                "log": log_check(client),
                "database": database_check(pool),
                "projector": follower_check(projector.follower),
                "identity": follower_check(gate.identity.follower),
            }
            words = ProjectorOfWords(writing, projector.is_busy)
            notes = {"parked": parked_note(pool, tables.parked, "/v1/parked"), "words": words.note}
            app.state.issuer = issuer = Issuer.of(settings, recording, client)
            notes["checkpoints"] = issuer.note
            notes["record"] = record_note(scrubbing)
            health.install(app, "tasks", checks, notes, lambda: projector.follower.position)
            # The page /tasks/{id} would answer for /tasks/readyz if it came first.
            pages.install(app, settings.zone)
            signin.install(app, settings, client, gate, settings.zone)
            work = (projector.run(), gate.identity.run(), until_closed(client))
            async with listening(url, CHANNEL) as advanced, running(*work):
                # Each question stands alone: none needs a transaction around it.
                asked = pool.execution_options(isolation_level="AUTOCOMMIT")
                calendar = WorkingDays(settings.extra_holidays, settings.extra_workdays)
                app.state.reading = reading = Reading(asked, client, advanced, settings.zone, calendar)
                sources = Sources(settings, client, scrubbing)
                app.state.scrubber = scrubber = Scrubber(sources, settings.scrub_pace)
                app.state.live = changing = LiveRegister(asked, advanced)
                record_work = (keep_tiles(recording, advanced), issuer.run(), scrubber.run())
                async with running(open_turns(reading), words.run(advanced), changing.run(), *record_work):
                    yield
        finally:
            await nats_broker.stop()
            await pool.dispose()
            await writing.dispose()
            await recording.dispose()
            await scrubbing.dispose()

    app = application("tasks", "ketluan tasks", settings.public_url, lifespan)
    app.state.public_url = settings.public_url
    for routes in (meetings, task_routes, changes, why, events, commands, summary, search):
        routes.install(app)
    for routes in (record, verification, evidence, live, directory, clients):
        routes.install(app)
    attachments.install(app, settings.attachment_bytes)
    return app


def main() -> None:
    """Runs tasks until it is told to stop."""
    settings = configured("tasks", TasksSettings)
    serve(tasks(settings), settings)


if __name__ == "__main__":
    main()
