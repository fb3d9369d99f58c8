"""The directory kept current in a process's memory."""

from dataclasses import dataclass, field

from nats.aio.client import Client

from shared.directory.directory import Directory
from shared.log.live import LiveFold

SUBJECTS = ("log.unit.*", "log.person.*")


@dataclass
class LiveDirectory:
    """Follows the events of units and people. `directory` is what they tell so far."""

    client: Client
    name: str
    directory: Directory = field(default_factory=Directory)

    def __post_init__(self) -> None:
        self._fold = LiveFold(
            self.client, f"{self.name}-directory", SUBJECTS, lambda event, _: self.directory.apply(event.data)
        )
        self.follower = self._fold.follower

    async def run(self, created: str) -> None:
        """Follows for ever the stream that was made at this time.

        Raises:
            AnotherLog: see `LiveFold.run`.
        """
        await self._fold.run(created)

    async def current(self) -> Directory:
        """The directory with everything in it that the log held when this was called.

        Raises:
            LogUnavailable: the log does not answer, or the follower did not catch up in time.
        """
        await self._fold.caught_up()
        return self.directory
