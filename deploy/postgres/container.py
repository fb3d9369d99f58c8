"""Makes PostgreSQL's cluster in an empty volume, then becomes PostgreSQL. Runs in its container, without the project.

Takes what the public postgres image takes: PGDATA, POSTGRES_PASSWORD_FILE, POSTGRES_INITDB_ARGS, and the server's
command. Source: https://hub.docker.com/_/postgres
"""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

_UNUSABLE = 2


def make_cluster(cluster: Path, password_file: Path, options: list[str]) -> None:
    """Makes it under another name first, so that a half-made cluster is never used.

    Raises:
        subprocess.CalledProcessError: initdb failed; the next start begins anew.
    """
    draft = cluster.with_name(f"{cluster.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    identity = ["--username", "postgres", "--pwfile", str(password_file), "--pgdata", str(draft)]
    subprocess.run(["initdb", *identity, *options], check=True)
    with (draft / "pg_hba.conf").open("a", encoding="utf-8") as rules:
        rules.write("host all all all scram-sha-256\nhost replication postgres all scram-sha-256\n")
    os.sync()
    draft.rename(cluster)


def main() -> None:
    """Serves until a signal asks to stop."""
    cluster = Path(os.environ["PGDATA"])
    if not cluster.exists():
        try:
            password_file = Path(os.environ["POSTGRES_PASSWORD_FILE"])
            make_cluster(cluster, password_file, shlex.split(os.environ.get("POSTGRES_INITDB_ARGS", "")))
        except (KeyError, OSError, subprocess.CalledProcessError) as error:
            sys.stderr.write(f"The cluster was not made, and nothing was lost: {error!r}. Mend it and start again.\n")
            sys.exit(_UNUSABLE)
    program, *arguments = sys.argv[1:] or ["postgres"]
    os.execvp(program, [program, "-D", str(cluster), "-c", "listen_addresses=*", *arguments])


if __name__ == "__main__":
    main()
