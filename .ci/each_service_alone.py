"""Installs each service alone in a fresh environment and imports it: what it needs must be in its own extra."""

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]


def alone(service: str, folder: Path) -> None:
    """Installs one service from its lock, with nothing else, and imports its main module."""
    venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    install = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--no-compile")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "KETLUAN_"))}
    for command in (
        (*install, "--require-hashes", "--requirement", f"requirements/{service}.txt"),
        (*install, "--no-deps", "."),
    ):
        subprocess.run(command, cwd=ROOT, env=clean, check=True)
    subprocess.run((python, "-c", f"import services.{service}.main"), cwd=folder, env=clean, check=True)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        with tempfile.TemporaryDirectory(prefix=f"ketluan-{name}-") as environment:
            alone(name, Path(environment))
        sys.stdout.write(f"services.{name} installs and imports alone\n")
