"""What is left to look at when something did not hold."""

import json
import shutil
import tempfile
from pathlib import Path

from tests.faults.office import Office
from tests.faults.oracle import Oracle


def kept(office: Office, judge: Oracle) -> Path:
    """A folder with what each part wrote, and the log as it was read: one line an event."""
    folder = Path(tempfile.mkdtemp(prefix="ketluan-faults-"))
    for part in office.parts:
        shutil.copy(part.folder / "output", folder / f"{part.host.name}.log")
    with (folder / "log.jsonl").open("w") as lines:
        for record in judge.log:
            content = record.content.decode(errors="replace")
            at = record.stored_at.isoformat()
            lines.write(
                json.dumps({"sequence": record.sequence, "subject": record.subject, "at": at, "content": content})
            )
            lines.write("\n")
    return folder
