"""Makes the locks in requirements/: exact versions with hashes, and no address of any registry or machine."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXTRAS = {"run": "embedded", "dev": "dev"}
IN_CONTAINERS = ("intake", "tasks", "notify", "administration")


def lock(name: str, extra: str, options: list[str]) -> None:
    """Writes requirements/<name>.txt. `options` are passed on to pip-compile."""
    constraints = [] if name == "run" else ["--constraint", "requirements/run.txt"]
    # Containers get the project's files as they are; everywhere else setuptools builds the project without isolation,
    # so it is locked like the rest.
    build = [] if name in IN_CONTAINERS else ["--all-build-deps"]
    path = ROOT / "requirements" / f"{name}.txt"
    command = [
        *(sys.executable, "-m", "piptools", "compile", "pyproject.toml", "--quiet"),
        *("--extra", extra),
        *constraints,
        *build,
        # What is locked is what the project needs, not the project.
        *("--unsafe-package", "ketluan"),
        *("--generate-hashes", "--strip-extras", "--annotation-style=line", "--no-config"),
        *("--no-emit-index-url", "--no-emit-trusted-host", "--no-emit-find-links", "--no-emit-options"),
        *("--output-file", str(path.relative_to(ROOT))),
        *options,
    ]
    environment = os.environ | {"CUSTOM_COMPILE_COMMAND": "make lock"}
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    # pip-compile ends with the warning that the project itself is not locked, which is as it should be.
    path.write_text(path.read_text(encoding="utf-8").partition("\n# WARNING")[0].rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    for lock_name, locked in (EXTRAS | dict(zip(IN_CONTAINERS, IN_CONTAINERS, strict=True))).items():
        lock(lock_name, locked, sys.argv[1:])
