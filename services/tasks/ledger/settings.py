"""What issuing checkpoints is told from outside."""

from typing import Annotated

from pydantic import Field

from shared.settings import Settings


class CheckpointSettings(Settings):
    """With which key checkpoints are signed, where they are written to, and how often."""

    checkpoint_key_file: str = ""
    """File with the key, as `ketluan key create` makes it; without one no checkpoint is issued."""
    checkpoint_folder: str = ""
    """Folder that gets a file for each checkpoint, best on another disk; without one there are none."""
    checkpoint_minutes: Annotated[int, Field(ge=0, le=60 * 24 * 365)] = 60
    """A checkpoint is issued so often if anything happened; 0: on demand only."""
