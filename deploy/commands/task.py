"""`ketluan task COMMAND ID`, as a person who signed in sees it, or whoever holds a key."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from deploy.commands.asking import TIMEOUT_SECONDS, NotTaken, answer, json_of
from deploy.commands.kept_session import KeptSession, kept_session
from deploy.commands.settings import public_url
from deploy.embedded.whereabouts import NotRunning
from deploy.exit_codes import REFUSED
from services.tasks.task.commands import COMMANDS
from shared.settings import UnusableSettings
from shared.vocabulary import STATUS

SHOW = "show"
KEY = "KETLUAN_API_KEY"

_NONE = "none"
_FILES = {"report-progress": "attachments", "submit-completion": "evidence"}
_UNITS = "change-cooperators"


@dataclass(frozen=True, slots=True)
class Said:
    """What was given on the command line: fields of the command, units, files, and the version that was looked at."""

    fields: Mapping[str, Any]
    units: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    version: int | None = None


class NotSignedIn(Exception):
    """Nobody is signed in at the installation that is meant, and there is no key. Its text is for the terminal."""

    def __init__(self, address: str) -> None:
        where = f"vào {escape(address)} " if address else ""
        start = "" if address else " Chưa có gì chạy thì `make run` trước (nothing runs here: begin with it)."
        super().__init__(
            f"Đăng nhập {where}trước: `ketluan signin LIÊN-KẾT`; chương trình thì đặt khoá vào {KEY}.{start} "
            f"[dim]Sign in first, by `ketluan signin LINK`; programs set {KEY} to a key. Nothing was changed.[/]"
        )


def run_task(command: str, task_id: str, said: Said, data: Path) -> int:
    """Does what was asked, and prints the task as it is then. Gives the exit code."""
    out, err = (Console(file=stream, soft_wrap=not stream.isatty()) for stream in (sys.stdout, sys.stderr))
    if command != SHOW and command not in COMMANDS:
        err.print(f"Không có việc nào tên {escape(command)}. [dim]There is no such command; there are:[/]")
        err.print(", ".join((SHOW, *COMMANDS)), highlight=False)
        return REFUSED
    try:
        caller = caller_at(data)
        headers = {"Authorization": f"Bearer {caller.token}"}
        with httpx.Client(base_url=caller.address, headers=headers, timeout=TIMEOUT_SECONDS) as http:
            _show(_done(http, command, task_id, said), out)
    except NotSignedIn as refusal:
        err.print(str(refusal))
        return REFUSED
    except (NotRunning, UnusableSettings, OSError) as error:
        err.print(
            f"Không có ketluan nào để hỏi trên {escape(str(data))}; đặt KETLUAN_PUBLIC_URL hoặc chạy `make run`. "
            f"[dim]{escape(str(error))}. Nothing was changed.[/]"
        )
        return REFUSED
    except httpx.HTTPError as error:
        err.print(
            f"Hệ thống không trả lời; gõ lại lệnh này sau, việc đã ghi sẽ không ghi hai lần nếu kèm --version. "
            f"[dim]{escape(str(error))}: it does not answer; ask again, with --version nothing is done twice.[/]"
        )
        return REFUSED
    except NotTaken as refusal:
        err.print(escape(str(refusal)), highlight=False)
        return REFUSED
    return 0


def caller_at(data: Path) -> KeptSession:
    """Who asks where: the key's program at the installation that is named or runs here, else the person who signed in.

    Raises:
        NotSignedIn: there is no key, and no session of that installation.
    """
    key = os.environ.get(KEY, "")
    if key:
        return KeptSession(address=public_url(data), token=key)
    try:
        named = public_url(data)
    except NotRunning:
        named = ""
    session = kept_session()
    if session is None or named not in {"", session.address}:
        raise NotSignedIn(named)
    return session


def _done(http: httpx.Client, command: str, task_id: str, said: Said) -> dict[str, Any]:
    task = json_of(answer(http, "GET", f"/v1/tasks/{task_id}"))
    if command == SHOW:
        return task
    body = {name: value for name, value in said.fields.items() if value is not None}
    if body.get("due") == _NONE:
        body["due"] = None
    if said.units:
        body |= {"units": list(said.units)} if command == _UNITS else {"unit": said.units[0]}
    elif command == _UNITS:
        body["units"] = []
    if said.files:
        body[_FILES.get(command, "attachments")] = [_uploaded(http, file) for file in said.files]
    version = said.version or task["version"]
    # The same key for every attempt: however often the answer is lost, it is done once.
    headers = {"If-Match": f'"{version}"', "Idempotency-Key": uuid4().hex}
    return json_of(answer(http, "POST", f"/v1/tasks/{task_id}/{command}", json=body, headers=headers))


def _uploaded(http: httpx.Client, file: Path) -> dict[str, str]:
    headers = {"Content-Type": "application/octet-stream"}
    kept = json_of(answer(http, "POST", "/v1/attachments", content=file.read_bytes(), headers=headers))
    return {"sha256": kept["sha256"], "name": file.name}


def _show(task: Mapping[str, Any], out: Console) -> None:
    table = Table(box=box.ROUNDED, show_header=False)
    table.add_column(overflow="fold")
    table.add_column(overflow="fold")
    due = task["due"]
    rows = {
        "Nhiệm vụ (task)": task["id"],
        "Phiên bản (version)": task["version"],
        "Trạng thái (status)": STATUS[task["status"]].vi,
        "Đơn vị (unit)": task["unit"]["name"],
        "Chủ trì (lead)": (task["lead"] or {}).get("name"),
        "Tiến độ (progress)": None if task["percent"] is None else f"{task['percent']}%",
        "Hạn (due)": due and f"{due['date']}" + (f" (ban đầu {due['baseline']})" if due["baseline"] else ""),
        "Xin gia hạn (asked until)": task["pending_until"],
        "Nội dung (text)": task["directive"]["text"],
    }
    for name, value in rows.items():
        if value is not None:
            table.add_row(name, escape(str(value)))
    out.print(table)
