"""Installs each service alone in a fresh environment and imports it: what it needs must be in its own extra."""

import os
import shutil
import subprocess
import sys
import tempfile
import venv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[1]


def alone(service: str) -> None:
    """Installs one service from its lock, with nothing else, and imports its main module."""
    with tempfile.TemporaryDirectory(prefix=f"ketluan-{service}-") as name:
        folder = Path(name)
        project = _copy(folder / "project")
        venv.create(folder / "venv", with_pip=True)
        python = str(folder / "venv" / "bin" / "python")
        install = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input")
        clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "KETLUAN_"))}
        for command in (
            (*install, "--require-hashes", "--requirement", str(ROOT / "requirements" / f"{service}.txt")),
            (*install, "--no-deps", str(project)),
            (python, "-c", f"import services.{service}.main"),
        ):
            done = subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True, check=False)
            if done.returncode:
                sys.exit(f"services.{service} does not stand alone: {' '.join(command)}\n{done.stdout}{done.stderr}")
    sys.stdout.write(f"services.{service} installs and imports alone\n")


def _copy(project: Path) -> Path:
    """The project's sources elsewhere, so that building leaves nothing in the working copy."""
    project.mkdir()
    for part in ("services", "shared", "deploy"):
        shutil.copytree(ROOT / part, project / part, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "README.md"):
        if (ROOT / file).exists():
            shutil.copy(ROOT / file, project)
    return project


if __name__ == "__main__":
    with ThreadPoolExecutor(max_workers=2) as pool:
        list(pool.map(alone, sys.argv[1:]))
