"""Makes the secrets of an installation in containers, once: python3 -m deploy.containers.passwords.

Needs nothing but Python, so that it runs on a host that has only Docker. A file that exists is kept.
"""

import os
import secrets
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "secrets"
NATS_USERS = ("owner", "intake", "tasks", "notify", "directory")
DATABASE_ROLES = ("owner", "tasks", "notify")


def make(folder: Path) -> list[str]:
    """Writes the files that are missing and gives their names.

    The folder is closed to others; its files are readable, since a container reads them as its own user.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made: list[str] = []

    def keep(name: str, content: str) -> str:
        path = folder / name
        if not path.exists():
            draft = folder / f".{name}"
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o444), "w", encoding="utf-8") as file:
                os.fchmod(file.fileno(), 0o444)
                file.write(content)
            draft.replace(path)
            made.append(name)
        return path.read_text(encoding="utf-8").strip()

    nats = {user: keep(f"nats-{user}", secrets.token_urlsafe(24)) for user in NATS_USERS}
    keep("nats-passwords", "".join(f'{user}_password: "{password}"\n' for user, password in nats.items()))
    keep("postgres", secrets.token_urlsafe(24))
    for role in DATABASE_ROLES:
        user, password = f"ketluan_{role}", secrets.token_urlsafe(24)
        keep(f"database-{role}", f"postgresql+asyncpg://{user}:{password}@postgres:5432/ketluan")
    keep("smtp", "")
    return made


def main() -> None:
    """Makes the secrets beside compose.yaml, or in the folder that is named."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    made = make(folder)
    sys.stdout.write(f"{folder}: {', '.join(made) or 'nothing was missing'}\n")


if __name__ == "__main__":
    main()
