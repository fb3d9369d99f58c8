"""Where the running installation of a data folder is, for the commands that talk to it."""

from pydantic import SecretStr

from deploy.embedded.folder import DataFolder
from deploy.embedded.ports import HOST
from deploy.embedded.services import database_url
from shared.settings import NatsSettings


class NotRunning(Exception):
    """No installation runs on this data folder."""


def nats_settings(user: str, seed: str, port: int) -> NatsSettings:
    """How a user reaches the embedded nats-server."""
    return NatsSettings(nats_url=f"nats://{HOST}:{port}", nats_user=user, nats_seed=SecretStr(seed), nats_replicas=1)


class Whereabouts:
    """The addresses and secrets of the installation that runs on a data folder.

    Raises:
        NotRunning: none runs there.
    """

    def __init__(self, folder: DataFolder) -> None:
        try:
            found = folder.read(folder.running)
        except ValueError:
            found = None
        if found is None:
            raise NotRunning(f"no ketluan runs on the data folder {folder.path}")
        self._folder = folder
        self._ports: dict[str, int] = found["ports"]
        self.public_url: str = found["public_url"]

    def nats(self, user: str) -> NatsSettings:
        """How one of the log's users reaches it."""
        name = f"nats/{user}"
        return nats_settings(user, self._folder.seeds((name,))[name], self._ports["nats"])

    def database(self, role: str) -> str:
        """How a role reaches PostgreSQL."""
        name = f"postgres/{role}"
        return database_url(role, self._folder.passwords((name,))[name], self._ports["postgres"])
