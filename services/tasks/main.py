"""Puts tasks together and runs it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import FastAPI
from pydantic import Field

from services.tasks.api import (
    changes,
    children,
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
from services.tasks.children.known import KnownChildren
from services.tasks.children.sharing import share_summary
from services.tasks.ledger.growth import keep_tiles
from services.tasks.ledger.issuing import Issuer
from services.tasks.ledger.settings import CheckpointSettings
from services.tasks.live import LiveRegister
from services.tasks.opening import open_turns
from services.tasks.pages import routes as pages
from services.tasks.projector import CHANNEL, Projector
from services.tasks.projector_of_words import ProjectorOfWords
from services.tasks.reading import Reading
from services.tasks.record import passes
from services.tasks.record.scrubber import Scrubber, record_note
from services.tasks.record.verification import Sources
from services.tasks.register import tables
from services.tasks.samples import sample
from services.tasks.signin import routes as signin
from services.tasks.signin.settings import SignInSettings
from services.tasks.standby import PROJECTOR, Standby
from shared import health
from shared.database import database_check, engine, listening, parked_note
from shared.identity.gate import Gate
from shared.lease import Leases, new_copy
from shared.log.connect import broker, connected
from shared.log.objects import LARGEST_BYTES
from shared.log.stream import check
from shared.log.watch import LogWatch
from shared.log.writing import WRITING
from shared.serving import application, configured, follower_check, running, serve, until_closed
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
    shares_summary: bool = False
    """Whether this organisation lets its parent body know its figures."""
    organisation_name: Annotated[str, Field(min_length=1, max_length=200)] = "ketluan"
    """The name by which the parent body shows it."""


def tasks(settings: TasksSettings) -> FastAPI:
    """The application: the projector in the background, the register in front."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        url, copy = settings.database_url.get_secret_value(), new_copy()
        nats_broker, pool = broker(settings, "tasks"), engine(url, f"ketluan tasks {copy}")
        # Connections of its own: however many readers there are, projecting goes on.
        writing = engine(url, f"ketluan tasks projector {copy}", connections=3)
        recording = engine(url, f"ketluan tasks record {copy}", connections=2)
        scrubbing = engine(url, f"ketluan tasks scrubber {copy}", connections=5)
        leasing = engine(url, f"ketluan tasks leases {copy}", connections=1)
        client = await connected(nats_broker)
        try:
            await check(client, settings.nats_replicas)
            projector = Projector(writing, client, settings.nats_replicas)
            app.state.gate = gate = Gate.of(settings, client, "tasks")
            app.state.children = below = KnownChildren(client, settings.children)
            app.state.issuer = issuer = Issuer.of(settings, recording, client)
            leases = Leases(leasing, tables.SCHEMA, gate.identity.follower.hears, copy)
            watch = LogWatch(client, settings.nats_replicas)
            work = (watch.run(), gate.identity.run(), until_closed(client))
            async with (
                listening(url, CHANNEL) as advanced,
                listening(url, passes.CHANNEL) as verified,
                running(*work),
            ):
                # Each question stands alone: none needs a transaction around it.
                asked = pool.execution_options(isolation_level="AUTOCOMMIT")
                calendar = WorkingDays(settings.extra_holidays, settings.extra_workdays)
                app.state.reading = reading = Reading(asked, client, advanced, settings.zone, calendar)
                sources = Sources(settings, client, scrubbing)
                app.state.scrubber = scrubber = Scrubber(sources, settings.scrub_pace, verified)
                app.state.live = changing = LiveRegister(asked, advanced)
                standby = Standby(leases, projector, changing, asked, client)
                words = ProjectorOfWords(writing, standby.is_busy)
                checks = {
                    "log": watch.check,
                    "writing": WRITING.check,
                    "database": database_check(pool),
                    "projector": watch.reading(
                        projector.follower.name, standby.read, standby.check, lambda: leases.holds(PROJECTOR)
                    ),
                    "identity": follower_check(watch.follows(gate.identity.follower)),
                }
                watch.follows(projector.follower)
                notes = {
                    "followers": watch.note,
                    "projector": standby.note,
                    "copies": leases.note,
                    "parked": parked_note(pool, tables.parked, "/v1/parked"),
                    "words": words.note,
                    "checkpoints": issuer.note,
                    "record": record_note(scrubbing),
                }
                if settings.children:
                    notes["children"] = below.note
                samples = (sample(asked), leases.sample)
                health.install(app, "tasks", checks, notes, standby.read, samples)
                # The page /tasks/{id} would answer for /tasks/readyz if it came first.
                pages.install(app, settings.zone)
                signin.install(app, settings, client, gate, settings.zone)
                held = leases.while_held
                alone = [
                    held(PROJECTOR, projector.run),
                    held("words", lambda: words.run(advanced)),
                    held("tiles", lambda: keep_tiles(recording, advanced)),
                    held("turns", lambda: open_turns(reading)),
                    held("scrubber", scrubber.run),
                ]
                if issuer.key_file:
                    alone.append(held("checkpoints", issuer.run))
                if settings.shares_summary:
                    name, address = settings.organisation_name, settings.public_url
                    alone.append(held("summary", lambda: share_summary(reading, recording, name, address)))
                following = [below.run()] if settings.children else []
                try:
                    async with running(*alone, *following, changing.run(), leases.run()):
                        yield
                finally:
                    await scrubber.end()
        finally:
            await nats_broker.stop()
            await pool.dispose()
            await writing.dispose()
            await recording.dispose()
            await scrubbing.dispose()
            await leasing.dispose()

    app = application("tasks", "ketluan tasks", settings.public_url, lifespan)
    app.state.public_url = settings.public_url
    for routes in (meetings, task_routes, changes, why, events, commands, summary, search):
        routes.install(app)
    for routes in (record, verification, evidence, live, directory, clients, children):
        routes.install(app)
    attachments.install(app, settings.attachment_bytes)
    return app


def main() -> None:
    """Runs tasks until it is told to stop."""
    settings = configured("tasks", TasksSettings)
    serve(tasks(settings), settings)


if __name__ == "__main__":
    main()
