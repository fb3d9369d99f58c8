"""Puts intake together and runs it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from services.intake.amendment import Amender
from services.intake.api import routes
from services.intake.meetings import LiveMeetings
from services.intake.pages import routes as pages
from services.intake.publication import Publisher
from services.intake.reading.isolated import DocumentReader
from services.intake.settings import IntakeSettings
from shared import health
from shared.directory.live import LiveDirectory
from shared.identity.gate import Gate
from shared.log.connect import broker, connected
from shared.log.stream import check
from shared.log.watch import LogWatch
from shared.log.writing import WRITING
from shared.serving import application, configured, follower_check, running, serve, until_closed


def intake(settings: IntakeSettings) -> FastAPI:
    """The application. It holds no state but what it folds from the log: the directory and the notices' outlines."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        nats_broker = broker(settings, "intake")
        client = await connected(nats_broker)
        try:
            stream = await check(client, settings.nats_replicas)
            directory = LiveDirectory(client, "intake")
            meetings = LiveMeetings(client)
            publisher = Publisher(client, directory, meetings, settings.review())
            state = app.state
            state.client, state.meetings, state.publisher = client, meetings, publisher
            state.directory = directory
            state.amender = Amender(client, directory, meetings, publisher)
            state.gate = gate = Gate.of(settings, client, "intake")
            state.policy = settings.policy()
            watch = LogWatch(client, settings.nats_replicas)
            checks = {
                "log": watch.check,
                "writing": WRITING.check,
                "directory": follower_check(watch.follows(directory.follower)),
                "identity": follower_check(watch.follows(gate.identity.follower)),
                "notices": follower_check(watch.follows(meetings.follower)),
            }
            health.install(app, "intake", checks, {"followers": watch.note})
            following = (
                watch.run(),
                directory.run(stream.created),
                meetings.run(stream.created),
                gate.identity.run(),
                until_closed(client),
            )
            async with DocumentReader(settings.limits()) as state.reader, running(*following):
                yield
        finally:
            await nats_broker.stop()

    app = application("intake", "ketluan intake", settings.public_url, lifespan)
    routes.install(app)
    pages.install(app, settings.zone)
    return app


def main() -> None:
    """Runs intake until it is told to stop."""
    settings = configured("intake", IntakeSettings)
    serve(intake(settings), settings)


if __name__ == "__main__":
    main()
