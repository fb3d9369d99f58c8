"""`ketluan checkpoint …`, `ketluan key list` and `ketluan prove …`, which ask an installation over HTTP."""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from deploy.commands.asking import TIMEOUT_SECONDS, NotTaken, answer, json_of
from deploy.commands.kept_session import KeptSession
from deploy.commands.settings import public_url
from deploy.commands.task import NotSignedIn, caller_at
from deploy.embedded import local_client
from deploy.embedded.folder import DataFolder
from deploy.embedded.refusal import CannotStart
from deploy.embedded.whereabouts import NotRunning
from deploy.exit_codes import REFUSED
from shared.settings import UnusableSettings

_ISSUING_SECONDS = 600.0


def run_issue(data: Path) -> int:
    """Has a checkpoint issued, and prints its note. Gives the exit code."""

    def issued(http: httpx.Client) -> None:
        # The whole ledger is read again before anything is signed.
        given = json_of(answer(http, "POST", "/v1/record/checkpoints", timeout=_ISSUING_SECONDS))
        _put(None, given["note"])

    return done(data, issued, own=False)


def run_export(file: Path | None, size: int | None, data: Path) -> int:
    """Writes a checkpoint's note into a file, or prints it. Gives the exit code."""

    def exported(http: httpx.Client) -> None:
        if size is None:
            _put(file, answer(http, "GET", "/v1/record/checkpoint").text)
        else:
            _put(file, json_of(answer(http, "GET", f"/v1/record/checkpoints/{size}"))["note"])

    return done(data, exported)


def run_prove(kind: str, given: Mapping[str, int | str], file: Path | None, data: Path) -> int:
    """Writes a proof into a file, or prints it. Gives the exit code."""

    def proved(http: httpx.Client) -> None:
        proof = json_of(answer(http, "GET", f"/v1/record/proofs/{kind}", params=given))
        _put(file, json.dumps(proof, indent=1, ensure_ascii=False) + "\n")

    return done(data, proved)


def run_keys(data: Path) -> int:
    """Prints every key that ever signed checkpoints. Gives the exit code."""

    def listed(http: httpx.Client) -> None:
        keys: list[dict[str, Any]] = answer(http, "GET", "/v1/record/keys").json()
        table = Table(box=box.ROUNDED)
        for column in ("Khoá công khai (verifier key)", "Từ (since)", "Thôi dùng (retired)", "Khoá trước chứng nhận"):
            table.add_column(column, overflow="fold")
        for place, key in enumerate(keys):
            endorsed = "có (endorsed)" if key["endorsed"] else "khoá đầu (first)" if place == 0 else "không (no)"
            retired = f"{key['retired_at']}: {key['reason']}" if key["retired_at"] else "đang dùng (in use)"
            table.add_row(*map(escape, (key["verifier_key"], key["created_at"], retired, endorsed)))
        Console(width=None if sys.stdout.isatty() else 200).print(table)

    return done(data, listed)


class FileUnwritten(Exception):
    """A file that was asked for could not be written. What stood there still does."""


def done(data: Path, act: Callable[[httpx.Client], None], *, own: bool = True) -> int:
    """Does something as whoever is signed in or holds a key; `own` says that the key of this machine will do."""
    err = Console(stderr=True, soft_wrap=True, highlight=False)
    try:
        caller = _reader(data) if own else caller_at(data)
        headers = {"Authorization": f"Bearer {caller.token}"}
        with httpx.Client(base_url=caller.address, headers=headers, timeout=TIMEOUT_SECONDS) as http:
            act(http)
    except NotSignedIn as refusal:
        err.print(str(refusal))
        return REFUSED
    except FileUnwritten as error:
        err.print(
            f"Chưa ghi được tệp, không có gì thay đổi. [dim]{escape(str(error))}. The file could not be "
            "written; nothing was changed.[/]"
        )
        return REFUSED
    except (NotRunning, UnusableSettings, CannotStart, OSError) as error:
        err.print(
            f"Không làm được, không có gì thay đổi. [dim]{escape(str(error))}. Nothing was changed; start it with "
            "`make run`, or set KETLUAN_PUBLIC_URL.[/]"
        )
        return REFUSED
    except httpx.HTTPError as error:
        err.print(f"Hệ thống không trả lời; thử lại sau. [dim]{escape(str(error))}: it does not answer; try again.[/]")
        return REFUSED
    except NotTaken as refusal:
        err.print(escape(str(refusal)))
        return REFUSED
    return 0


def _reader(data: Path) -> KeptSession:
    """Who asks for what every reader of the log may have: whoever is signed in, else this machine's own key."""
    try:
        return caller_at(data)
    except NotSignedIn:
        token = local_client.kept(DataFolder(data))
        if token is None:
            raise
        return KeptSession(address=public_url(data), token=token)


def _put(file: Path | None, content: str) -> None:
    if file is None:
        sys.stdout.write(content)
    else:
        file.write_text(content, encoding="utf-8")
