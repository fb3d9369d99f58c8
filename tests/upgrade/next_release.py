"""The release that follows this one, as a folder of code: another version of an event, a column, an index."""

import re
import shutil
from pathlib import Path

from shared.release import RELEASE, STEP

ROOT = Path(__file__).parent.parent.parent

NEXT_STEP = "9001"
NEW_TYPE = "ketluan.ProgressReported.v2"

_CHANGES = {
    "shared/release.py": [
        (f"RELEASE = {RELEASE}", f"RELEASE = {RELEASE + 1}"),
        (r'STEP = "\w+"', f'STEP = "{NEXT_STEP}"'),
    ],
    "shared/events/task.py": [
        (r'"ketluan\.ProgressReported\.v1"', f'"{NEW_TYPE}"\n\n    counted: bool'),
    ],
    "shared/events/catalogue.py": [
        (
            r"CATALOGUE = Catalogue\(models=(.*)\)\n",
            r"""CATALOGUE = Catalogue(
    models=\1,
    upcasters={"ketluan.ProgressReported.v1": ("ketluan.ProgressReported.v2", lambda data: data | {"counted": False})},
)
""",
        ),
    ],
    "services/tasks/task/decision.py": [
        (r"return ProgressReported\(", "return ProgressReported(counted=command.percent is not None, "),
    ],
}

_MIGRATION = f'''"""Whether progress was counted."""

from alembic import op

revision = "{NEXT_STEP}"
down_revision = "{STEP}"
branch_labels = None
depends_on = None

INDEXES = {{"register.task_by_counted": "register.task (counted)"}}


def upgrade() -> None:
    """Adds a column where both releases write."""
    op.execute("ALTER TABLE register.task ADD COLUMN counted boolean NOT NULL DEFAULT false")
    op.execute("ALTER TABLE notify.task ADD COLUMN counted boolean")
'''


def make_next_release(folder: Path) -> Path:
    """Puts the next release's code into a folder, and gives that."""
    for part in ("services", "shared", "deploy"):
        shutil.copytree(ROOT / part, folder / part)
    for name, changes in _CHANGES.items():
        file = folder / name
        content = file.read_text()
        for what, into in changes:
            content, count = re.subn(what, into, content)
            if count != 1:
                raise AssertionError(f"{name} holds {what} {count} times, not once")
        file.write_text(content)
    (folder / "deploy/migrations/versions" / f"{NEXT_STEP}_counted_progress.py").write_text(_MIGRATION)
    return folder
