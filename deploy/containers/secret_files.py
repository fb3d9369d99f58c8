"""A folder of secrets: closed to others, each file written whole and once."""

import stat
from collections.abc import Collection
from pathlib import Path

_OTHERS = 0o077


class OpenToOthers(Exception):
    """The folder of the secrets can be entered by others."""


def close(folder: Path, ours: Collection[str]) -> None:
    """Makes a folder that only its owner enters, or closes one that holds nothing but `ours`.

    Raises:
        OpenToOthers: it is open to others and holds other things too, which closing would close as well.
        OSError: it cannot be written.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not stat.S_IMODE(folder.stat().st_mode) & _OTHERS:
        return
    if foreign := sorted({path.name.removeprefix(".") for path in folder.iterdir()} - set(ours)):
        raise OpenToOthers(
            f"{folder} is open to others and holds {foreign[0]}, so it was not closed and nothing was written; "
            "name a folder for the secrets alone, or close it yourself: chmod 700"
        )
    folder.chmod(0o700)


def put(path: Path, content: str) -> Path:
    """Puts a file in place whole. It is readable, since a container reads it as its own user; the folder is closed.

    Raises:
        OSError: it cannot be written.
    """
    draft = path.with_name(f".{path.name}")
    draft.unlink(missing_ok=True)
    draft.write_text(content, encoding="utf-8")
    draft.chmod(0o444)
    return draft.replace(path)
