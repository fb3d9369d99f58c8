"""The two servers of a data folder alone, for a command that must have them to itself."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from rich.console import Console

from deploy.embedded.folder import DataFolder
from deploy.embedded.installation import Installation
from deploy.embedded.leftovers import end_leftovers
from deploy.embedded.progress import Progress
from deploy.embedded.refusal import NO_DATABASE, CannotStart
from deploy.migrations.run import migrate_database
from deploy.postgres.roles import OWNER

_NO_PORT = 0


@asynccontextmanager
async def servers_alone(data: Path, console: Console, *, new: bool = False) -> AsyncIterator[Installation]:
    """Log and database of a data folder that nobody else uses, without services and gateway, stopped at the end. Unless
    the folder may be `new`, it must hold an installation.

    Raises:
        CannotStart: somebody else uses the folder, it holds no database, or a server does not start.
        DatabaseIsNewer, DatabaseUnavailable, RowsRefused: the database cannot be brought to this version.
    """
    folder = DataFolder(data)
    try:
        folder.hold()
        if not new and not folder.postgres.exists():
            raise CannotStart(NO_DATABASE, folder=folder.path)
        end_leftovers(folder)
        folder.prepare()
        progress = Progress(console)
        installation = Installation(folder, _NO_PORT, progress, repairs=True)
        try:
            with progress.shown():
                await installation.start_servers()
            if new:
                await installation.migrate()
            else:
                await migrate_database(installation.database_url(OWNER))
            yield installation
        finally:
            await installation.stop()
    finally:
        folder.release()
