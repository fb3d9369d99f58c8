"""Which installation a command talks to: the one that KETLUAN_* names, else the one that runs on the data folder."""

import os
from pathlib import Path

from deploy.embedded.folder import DataFolder, session_key
from deploy.embedded.whereabouts import Whereabouts
from shared.identity.tokens import Tokens
from shared.settings import DatabaseSettings, IdentitySettings, NatsSettings, Settings


def nats_and_public_url(user: str, data: Path) -> tuple[NatsSettings, str]:
    """How a user of the log reaches it, and the address of the gateway.

    Raises:
        NotRunning: nothing is named, and nothing runs on the data folder.
        UnusableSettings: a variable cannot be used.
    """
    if "KETLUAN_NATS_URL" in os.environ:
        settings = NatsSettings.from_environment()
        return settings, settings.public_url
    running = Whereabouts(DataFolder(data))
    return running.nats(user), running.public_url


def public_url(data: Path) -> str:
    """The address of the gateway.

    Raises:
        NotRunning: KETLUAN_PUBLIC_URL is not set, and nothing runs on the data folder.
        UnusableSettings: it cannot be used.
    """
    if "KETLUAN_PUBLIC_URL" in os.environ:
        return Settings.from_environment().public_url
    return Whereabouts(DataFolder(data)).public_url


def tokens(data: Path) -> Tokens:
    """The tokens of the installation.

    Raises:
        NotRunning: nothing is named, and nothing runs on the data folder.
        UnusableSettings: KETLUAN_SESSION_KEY is missing or too short.
    """
    if "KETLUAN_NATS_URL" in os.environ:
        return Tokens(IdentitySettings.from_environment().session_key.get_secret_value())
    folder = DataFolder(data)
    Whereabouts(folder)
    return Tokens(session_key(folder))


def nats_and_database(user: str, role: str, data: Path) -> tuple[NatsSettings, str]:
    """How a user of the log and a role of PostgreSQL reach them.

    Raises:
        NotRunning: nothing is named, and nothing runs on the data folder.
        UnusableSettings: a variable cannot be used.
    """
    if "KETLUAN_NATS_URL" in os.environ:
        database = DatabaseSettings.from_environment().database_url.get_secret_value()
        return NatsSettings.from_environment(), database
    running = Whereabouts(DataFolder(data))
    return running.nats(user), running.database(role)
