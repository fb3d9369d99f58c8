"""A Debian with Python as a base image, for machines that reach Debian's packages but no image registry.

There is another for intake, which reads scans with tesseract.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

TAG = "ketluan-base:bookworm"
INTAKE_TAG = "ketluan-base:bookworm-tesseract"

_SUITE = "bookworm"
_PYTHON = "python3,python3-venv,ca-certificates"
_PACKAGES = {TAG: _PYTHON, INTAKE_TAG: f"{_PYTHON},tesseract-ocr,tesseract-ocr-vie"}
_NOT_NEEDED = ("var/cache/apt", "var/lib/apt/lists", "var/log", "usr/share/doc", "usr/share/man", "usr/share/locale")


class CannotMakeBase(Exception):
    """The base image was not made. No image was changed."""


def base(tag: str = TAG) -> str:
    """Gives the tag of a base image (TAG or INTAKE_TAG), made where the Docker Engine lacks it; that needs root.

    Raises:
        CannotMakeBase: Docker or debootstrap is missing, or one of them failed.
    """
    if shutil.which("docker") is None:
        raise CannotMakeBase("the base image was not made: install docker and start its engine")
    if subprocess.run(["docker", "image", "inspect", tag], capture_output=True, check=False).returncode == 0:
        return tag
    if shutil.which("debootstrap") is None:
        raise CannotMakeBase("the base image was not made: install debootstrap, or name another image as BASE")
    with tempfile.TemporaryDirectory(prefix="ketluan-base-") as folder:
        # Python's own temporary folders are closed to others, and this one becomes the container's "/".
        root = Path(folder) / "root"
        root.mkdir(mode=0o755)
        _run(["debootstrap", "--variant=minbase", f"--include={_PACKAGES[tag]}", _SUITE, str(root)])
        for path in _NOT_NEEDED:
            shutil.rmtree(root / path, ignore_errors=True)
            (root / path).mkdir(parents=True)
        # What debootstrap takes from this machine: its resolver, and from where it installed.
        for path in ("etc/resolv.conf", "etc/apt/sources.list"):
            (root / path).unlink(missing_ok=True)
        archive = Path(folder) / "root.tar"
        _run(["tar", "--numeric-owner", "--directory", str(root), "--create", "--file", str(archive), "."])
        _run(["docker", "import", str(archive), tag])
    return tag


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stdout + done.stderr).strip()[-500:]
        raise CannotMakeBase(f"the base image was not made: {command[0]} failed: {said}")


if __name__ == "__main__":
    for made in _PACKAGES:
        sys.stdout.write(f"{base(made)}\n")
