"""`ketluan replay --task ID`: the life of one directive, step by step, as a person sees it."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
from rich.console import Console
from rich.markup import escape

from deploy.commands.asking import TIMEOUT_SECONDS, NotTaken, answer
from deploy.commands.task import NotSignedIn, caller_at
from deploy.embedded.whereabouts import NotRunning
from deploy.exit_codes import REFUSED
from shared.settings import UnusableSettings
from shared.vocabulary import STATUS


def run_steps(task_id: str, data: Path) -> int:
    """Prints what came, what it changed, who did it and who was told. Gives the exit code."""
    out, err = (Console(file=stream, soft_wrap=not stream.isatty()) for stream in (sys.stdout, sys.stderr))
    try:
        caller = caller_at(data)
        headers = {"Authorization": f"Bearer {caller.token}"}
        with httpx.Client(base_url=caller.address, headers=headers, timeout=TIMEOUT_SECONDS) as http:
            for line in _told(answer(http, "GET", f"/v1/tasks/{quote(task_id, safe='')}/steps").json()):
                out.print(line, highlight=False)
    except NotSignedIn as refusal:
        err.print(str(refusal))
        return REFUSED
    except (NotRunning, UnusableSettings, OSError, httpx.HTTPError) as error:
        err.print(
            f"Không có ketluan nào trả lời; đặt KETLUAN_PUBLIC_URL hoặc chạy `make run`. "
            f"[dim]{escape(str(error))}. None answers. Nothing was changed.[/]"
        )
        return REFUSED
    except NotTaken as refusal:
        err.print(escape(str(refusal)), highlight=False)
        return REFUSED
    return 0


def _told(steps: Sequence[Mapping[str, Any]]) -> list[str]:
    lines = []
    for step in steps:
        event = step["event"]
        who = event["actor_name"] or event["actor"]
        cause = f", do sự kiện {step['cause']} (by event)" if step["cause"] else ""
        lines.append(
            f"[bold]{event['sequence']}. {escape(event['words']['vi'])}[/] [dim]{escape(event['words']['en'])}[/]: "
            f"{escape(who)}, {event['time']}{cause}"
        )
        lines.extend(
            f"   {escape(each['words']['vi'])}: {_value(each['before'])} → {_value(each['after'])}"
            for each in step["changed"]
        )
        lines.extend(
            f"   [dim]{each['sequence']}.[/] {escape(each['words']['vi'])}: {escape(each['person'] or '—')}"
            for each in step["told"]
        )
    return lines


def _value(value: Any) -> str:
    match value:
        case str() if value in STATUS:
            return STATUS[value].vi
        case None | []:
            return "—"
        case {"name": name}:
            return escape(str(name))
        case {"date": date}:
            return str(date)
        case list():
            return ", ".join(_value(each) for each in value)
        case {"phrase": phrase}:
            return escape(str(phrase))
        case _:
            return escape(str(value))
