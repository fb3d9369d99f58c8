"""Makes the secrets of an installation in containers, once: python3 -m deploy.containers.passwords.

Needs nothing but Python, so that it runs on a host that has only Docker. A file that exists is kept; one that was
removed is made anew, with another password.
"""

import secrets
import stat
import sys
from pathlib import Path

from deploy.exit_codes import REFUSED

FOLDER = Path(__file__).parents[1] / "secrets"
NATS_USERS = ("owner", "intake", "tasks", "notify", "directory", "replay")
DATABASE_ROLES = ("owner", "tasks", "notify")

_OF_SERVER = "nats-passwords"
_OTHERS = 0o077


class OpenToOthers(Exception):
    """The folder of the secrets can be entered by others."""


def make(folder: Path) -> list[str]:
    """Writes the files that are missing and gives their names.

    The folder is closed to others; its files are readable, since a container reads them as its own user.

    Raises:
        OpenToOthers: the folder is open to others and holds other things too; nothing was written.
        OSError: the folder cannot be written.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    wanted = {f"nats-{user}": secrets.token_urlsafe(24) for user in NATS_USERS}
    wanted |= {
        f"database-{role}": f"postgresql+asyncpg://ketluan_{role}:{secrets.token_urlsafe(24)}@postgres:5432/ketluan"
        for role in DATABASE_ROLES
    }
    wanted |= {"postgres": secrets.token_urlsafe(24), "smtp": "", "session-key": secrets.token_urlsafe(48), "oidc": ""}
    wanted |= {"chat": ""}
    _close(folder, {*wanted, _OF_SERVER})
    made = [name for name, content in wanted.items() if not (folder / name).exists() and _put(folder / name, content)]
    passwords = {user: (folder / f"nats-{user}").read_text(encoding="utf-8").strip() for user in NATS_USERS}
    for_server = "".join(f'{user}_password: "{password}"\n' for user, password in passwords.items())
    server = folder / _OF_SERVER
    if not server.exists() or server.read_text(encoding="utf-8") != for_server:
        _put(server, for_server)
        made.append(server.name)
    return made


def _close(folder: Path, ours: set[str]) -> None:
    """Closes a folder to others that was made before, unless that would close something else as well."""
    if not stat.S_IMODE(folder.stat().st_mode) & _OTHERS:
        return
    if foreign := sorted({path.name.removeprefix(".") for path in folder.iterdir()} - ours):
        raise OpenToOthers(
            f"{folder} is open to others and holds {foreign[0]}, so it was not closed and nothing was written; "
            "name a folder for the secrets alone, or close it yourself: chmod 700"
        )
    folder.chmod(0o700)


def _put(path: Path, content: str) -> Path:
    """Puts a file in place whole."""
    draft = path.with_name(f".{path.name}")
    draft.unlink(missing_ok=True)
    draft.write_text(content, encoding="utf-8")
    draft.chmod(0o444)
    return draft.replace(path)


def main() -> None:
    """Makes the secrets beside compose.yaml, or in the folder that is named."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    try:
        made = make(folder)
    except (OpenToOthers, OSError) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(REFUSED)
    sys.stdout.write(f"{folder}: {', '.join(made) or 'nothing was missing'}\n")


if __name__ == "__main__":
    main()
