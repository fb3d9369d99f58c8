"""Makes the secrets of an installation in containers, once: make secrets, or python -m deploy.containers.passwords.

A file that exists is kept; one that was removed is made anew, with another secret.
"""

import secrets
import sys
from pathlib import Path

from deploy.containers.secret_files import OpenToOthers, close, put
from deploy.exit_codes import REFUSED
from deploy.nats.config import KEYS_FILE, key_variables
from deploy.nats.permissions import USERS
from shared.nkey import is_seed, new_seed, public_key

FOLDER = Path(__file__).parents[1] / "secrets"
DATABASE_ROLES = ("owner", "tasks", "notify")

_OF_EARLIER_VERSIONS = "nats-passwords"


def make(folder: Path) -> list[str]:
    """Writes the files that are missing and gives their names.

    The folder is closed to others; its files are readable, since a container reads them as its own user.

    Raises:
        OpenToOthers: the folder is open to others and holds other things too; nothing was written.
        OSError: the folder cannot be written.
    """
    wanted = {f"nats-{user.name}": new_seed() for user in USERS}
    wanted |= {
        f"database-{role}": f"postgresql+asyncpg://ketluan_{role}:{secrets.token_urlsafe(24)}@postgres:5432/ketluan"
        for role in DATABASE_ROLES
    }
    wanted |= {"postgres": secrets.token_urlsafe(24), "smtp": "", "session-key": secrets.token_urlsafe(48), "oidc": ""}
    wanted |= {"chat": ""}
    close(folder, {*wanted, KEYS_FILE, _OF_EARLIER_VERSIONS})
    made = [name for name, content in wanted.items() if not _is_kept(folder / name) and put(folder / name, content)]
    seeds = {user.name: (folder / f"nats-{user.name}").read_text(encoding="utf-8").strip() for user in USERS}
    for_server = key_variables({name: public_key(seed) for name, seed in seeds.items()})
    server = folder / KEYS_FILE
    if not server.exists() or server.read_text(encoding="utf-8") != for_server:
        put(server, for_server)
        made.append(server.name)
    (folder / _OF_EARLIER_VERSIONS).unlink(missing_ok=True)
    return made


def _is_kept(path: Path) -> bool:
    """Whether a secret is there. What earlier versions kept as a password of NATS is none any more."""
    if not path.exists():
        return False
    return not path.name.startswith("nats-") or is_seed(path.read_text(encoding="utf-8").strip())


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
