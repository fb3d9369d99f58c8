"""Makes the locks in requirements/: exact versions with hashes, and no address of any registry or machine."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXTRAS = {"run": "embedded", "dev": "dev"}


def lock(name: str, options: list[str]) -> None:
    """Writes requirements/<name>.txt. `options` are passed on to pip-compile."""
    constraints = ["--constraint", "requirements/run.txt"] if name == "dev" else []
    command = [
        *(sys.executable, "-m", "piptools", "compile", "pyproject.toml", "--quiet"),
        *("--extra", EXTRAS[name]),
        *constraints,
        # setuptools builds the project itself without isolation, so it is locked like the rest; the project is not.
        *("--all-build-deps", "--unsafe-package", "ketluan"),
        *("--generate-hashes", "--strip-extras", "--annotation-style=line", "--no-config"),
        *("--no-emit-index-url", "--no-emit-trusted-host", "--no-emit-find-links", "--no-emit-options"),
        *("--output-file", f"requirements/{name}.txt"),
        *options,
    ]
    environment = os.environ | {"CUSTOM_COMPILE_COMMAND": "make lock"}
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


if __name__ == "__main__":
    for lock_name in EXTRAS:
        lock(lock_name, sys.argv[1:])
