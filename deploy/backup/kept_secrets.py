"""What signs sessions and checkpoints, in a file of its own beside a backup and never in it."""

import json
import os
from pathlib import Path

from deploy.backup.folder import BackupDamaged
from deploy.embedded.folder import SESSION_KEY, DataFolder, session_key
from shared.settings import IdentitySettings

CHECKPOINT_KEY = "checkpoint-key"
"""Name of the key that signs checkpoints; that of the other is `SESSION_KEY`."""


def write_secrets(file: Path, data: Path) -> None:
    """Writes both into a file that its owner alone can read: those that the environment names, else those of the data
    folder.

    Raises:
        UnusableSettings: KETLUAN_SESSION_KEY is missing or too short.
        CannotStart: the data folder cannot be read.
        OSError: the file cannot be written.
    """
    if "KETLUAN_NATS_URL" in os.environ:
        found = {SESSION_KEY: IdentitySettings.from_environment().session_key.get_secret_value()}
        named = os.environ.get("KETLUAN_CHECKPOINT_KEY_FILE")
        key = Path(named) if named else None
    else:
        folder = DataFolder(data)
        found, key = {SESSION_KEY: session_key(folder)}, folder.checkpoint_key
    if key is not None and key.exists():
        found[CHECKPOINT_KEY] = key.read_text(encoding="utf-8")
    file.unlink(missing_ok=True)
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as kept:
        json.dump(found, kept, indent=1)


def read_secrets(file: Path) -> dict[str, str]:
    """What such a file holds, by name.

    Raises:
        BackupDamaged: it is none.
    """
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        return {str(name): str(value) for name, value in found.items()}
    except (OSError, ValueError, AttributeError) as error:
        raise BackupDamaged(f"the file of secrets {file} cannot be read: {error}.") from error
