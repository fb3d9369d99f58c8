"""The key with which the installation on a data folder signs its checkpoints, made at its first start."""

from urllib.parse import urlsplit

from deploy.embedded.folder import DataFolder


def ensure(folder: DataFolder, public_url: str) -> None:
    """Makes the key where there is none yet. Its name, the log's origin, is that of the address for ever.

    Raises:
        CannotStart: the folder cannot be written.
    """
    if folder.checkpoint_key.exists():
        return
    # Loading cryptography takes longer than a later start's other steps, which does without it.
    from services.tasks.ledger.keys import keep_key, new_signing_key

    with folder.refusing():
        keep_key(new_signing_key(origin_at(public_url)), folder.checkpoint_key)


def origin_at(public_url: str) -> str:
    """The origin of the log at an address: where its tiles are, without the scheme. Source: C2SP, tlog-tiles."""
    parts = urlsplit(public_url)
    return f"{parts.netloc}{parts.path}/v1/record"
