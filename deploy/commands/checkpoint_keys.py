"""`ketluan key create` and `ketluan key rotate`: the private key never leaves its file."""

import asyncio
import os
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from deploy.administration import log_of
from deploy.commands.settings import nats_and_public_url, public_url
from deploy.embedded.checkpoint_key import origin_at
from deploy.embedded.folder import DataFolder
from deploy.embedded.whereabouts import NotRunning
from deploy.exit_codes import REFUSED
from services.tasks.ledger.keyring import act, keyring, rotated
from services.tasks.ledger.keys import KeyUnusable, SigningKey, keep_key, kept_key, new_signing_key
from shared.identity.administration import ACTOR, SOURCE
from shared.log.faults import LogFault
from shared.settings import UnusableSettings


def run_create(name: str | None, file: Path | None, data: Path) -> int:
    """Makes a key in a file that is not there yet, and prints its public half. Gives the exit code."""
    path = file or DataFolder(data).checkpoint_key
    try:
        key = new_signing_key(name or origin_at(public_url(data)))
        keep_key(key, path)
    except FileExistsError:
        return _refused(
            f"Đã có khoá trong {path}; khoá ấy được giữ nguyên. Để thay: `ketluan key rotate`.",
            f"There is a key in {path} already, which was left as it is. To replace it: `ketluan key rotate`.",
        )
    except (NotRunning, UnusableSettings, ValueError, OSError) as error:
        return _refused("Chưa tạo khoá nào.", f"No key was made: {error}")
    print_key(key)
    return 0


def run_rotate(reason: str, file: Path | None, data: Path) -> int:
    """Replaces the key in the log and in its file, and prints the new one's public half. Gives the exit code.

    The new key lies beside the old one before the log names it, so that a rotation that is broken off is ended by the
    next one.
    """
    path = file or DataFolder(data).checkpoint_key
    try:
        key = asyncio.run(_rotated(reason, path, data))
    except (NotRunning, UnusableSettings, KeyUnusable, LogFault, ValueError, OSError) as error:
        return _refused(
            "Chưa thay khoá xong; gõ lại lệnh này là đủ.", f"The key was not replaced: {error}. Say the same again."
        )
    print_key(key)
    return 0


async def _rotated(reason: str, path: Path, data: Path) -> SigningKey:
    settings, _ = nats_and_public_url("directory", data)
    draft = path.with_name(f"{path.name}.new")
    async with log_of(settings) as client:
        ring = await keyring(client)
        if ring.active is None:
            raise KeyUnusable("the log names no key yet: have a first checkpoint issued before")
        old = _old(path)
        if not draft.exists():
            keep_key(new_signing_key(ring.active.verifier.name), draft)
        new = kept_key(draft)
        endorsing = old if old and old.verifier == ring.active.verifier else None
        await rotated(client, endorsing, new, reason, act(ACTOR, SOURCE))
    os.replace(draft, path)
    return new


def _old(path: Path) -> SigningKey | None:
    """The key that is replaced; None where it is lost, so that it cannot say which one follows it."""
    try:
        return kept_key(path)
    except KeyUnusable:
        return None


def print_key(key: SigningKey) -> None:
    """Prints what everybody may know of a key."""
    out = Console(soft_wrap=True, highlight=False)
    out.print(escape(str(key.verifier)))
    Console(stderr=True, soft_wrap=True).print(
        "Đưa dòng trên cho người kiểm tra; khoá bí mật chỉ nằm trong tệp của nó. "
        "[dim](hand this line to auditors; the private key is in its file alone)[/]"
    )


def _refused(vi: str, en: str) -> int:
    err = Console(stderr=True, soft_wrap=True, highlight=False)
    err.print(escape(vi))
    err.print(escape(en), style="dim")
    return REFUSED
