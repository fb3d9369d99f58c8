"""Puts intake together and runs it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from services.intake import api
from services.intake.publication import Publisher
from shared import health
from shared.directory.live import LiveDirectory
from shared.identity.gate import Gate
from shared.log.connect import broker, connected
from shared.log.stream import check
from shared.serving import application, configured, follower_check, log_check, running, serve, until_closed
from shared.settings import IdentitySettings, NatsSettings


class IntakeSettings(NatsSettings, IdentitySettings):
    """What intake is told from outside."""


def intake(settings: IntakeSettings) -> FastAPI:
    """The application. It holds no state but the directory and whom it knows, which it folds from the log."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        nats_broker = broker(settings, "intake")
        client = await connected(nats_broker)
        try:
            stream = await check(client, settings.nats_replicas)
            directory = LiveDirectory(client, "intake")
            app.state.publisher = Publisher(client, directory)
            app.state.gate = gate = Gate.of(settings, client, "intake")
            checks = {
                "log": log_check(client),
                "directory": follower_check(directory.follower),
                "identity": follower_check(gate.identity.follower),
            }
            health.install(app, "intake", checks)
            async with running(directory.run(stream.created), gate.identity.run(), until_closed(client)):
                yield
        finally:
            await nats_broker.stop()

    app = application("intake", "ketluan intake", settings.public_url, lifespan)
    api.install(app)
    return app


def main() -> None:
    """Runs intake until it is told to stop."""
    settings = configured("intake", IntakeSettings)
    serve(intake(settings), settings)


if __name__ == "__main__":
    main()
