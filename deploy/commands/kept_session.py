"""The session of the person at this command line, in a file that nobody else can read."""

import contextlib
import os
import tempfile
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError


class KeptSession(BaseModel):
    """A session, and the address of the installation that gave it: it is shown to no other."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    address: str
    token: str


def session_file() -> Path:
    """Where the session is kept: `ketluan/session.json` in XDG_CONFIG_HOME, which is ~/.config by itself.

    Source: XDG Base Directory Specification 0.8; a path that is not absolute is ignored.
    """
    named = Path(os.environ.get("XDG_CONFIG_HOME", ""))
    return (named if named.is_absolute() else Path.home() / ".config") / "ketluan" / "session.json"


def kept_session() -> KeptSession | None:
    """The session that is kept; None where nobody signed in, or the file holds something else.

    Raises:
        OSError: the file is there and cannot be read.
    """
    try:
        return KeptSession.model_validate_json(session_file().read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def keep(session: KeptSession) -> None:
    """Puts a session in the place of any other.

    Raises:
        OSError: the file cannot be written; the former one is as it was.
    """
    file = session_file()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Such a file is made for its owner alone.
    handle, draft = tempfile.mkstemp(dir=file.parent, prefix=".session-")
    try:
        with open(handle, "w", encoding="utf-8") as written:
            written.write(session.model_dump_json())
        os.replace(draft, file)
    except OSError:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(draft)
        raise


def forget() -> None:
    """Removes the session.

    Raises:
        OSError: the file cannot be removed.
    """
    session_file().unlink(missing_ok=True)
