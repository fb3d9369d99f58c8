"""What went before in the sample: a notice of the month before, and what its units made of it."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import yaml

import deploy
from deploy.overview.client import Gateway, Refused
from shared.identity.signin_link import signin_link
from shared.identity.tokens import Session, Tokens

_FOLDER = Path(deploy.__path__[0]) / "sample"
_NOTICE = "thong-bao-thang-10.txt"
_WORK = "cong-viec.yaml"


@dataclass(frozen=True, slots=True)
class _Deed:
    """Somebody's command for a task."""

    who: str
    does: str
    values: dict[str, Any]


async def do_sample_work(gateway: Gateway, tokens: Tokens) -> None:
    """Posts the notice of the month before, and has people do what they did. Doing it again does nothing more.

    What the rules refuse on the day of the start, such as a deadline that is over by then, is left out.

    Raises:
        Refused: intake refused the notice, or a service stopped answering.
        httpx.HTTPError: the gateway does not answer.
    """
    meeting_id, sequence = await gateway.post_notice((_FOLDER / _NOTICE).read_bytes())
    facts = await gateway.facts(meeting_id, sequence)
    work = _work()
    fresh = [task for task in facts.tasks if task["directive"]["ordinal"] in work and task["version"] == 1]
    people = sorted({deed.who for task in fresh for deed in work[task["directive"]["ordinal"]]})
    sessions = dict(
        zip(people, await asyncio.gather(*(_session(gateway, tokens, each) for each in people)), strict=True)
    )
    await asyncio.gather(*(_worked_on(gateway, task, work[task["directive"]["ordinal"]], sessions) for task in fresh))


def _work() -> dict[int, list[_Deed]]:
    found: dict[int, list[dict[str, Any]]] = yaml.safe_load((_FOLDER / _WORK).read_text(encoding="utf-8"))
    return {
        ordinal: [_Deed(deed["who"], deed["does"], deed.get("with", {})) for deed in deeds]
        for ordinal, deeds in found.items()
    }


async def _session(gateway: Gateway, tokens: Tokens, person_id: str) -> str:
    """A session of a person, who signs in by a link as anybody would."""
    link = urlsplit(signin_link(tokens, str(gateway.client.base_url), person_id))
    async with httpx.AsyncClient(base_url=gateway.client.base_url, timeout=60, trust_env=False) as browser:
        answer = await browser.post("/signin/open", data={"token": parse_qs(link.query)["token"][0]})
    return next(each for each in answer.cookies.values() if each.startswith(Session.prefix))


async def _worked_on(
    gateway: Gateway, task: Mapping[str, Any], deeds: Sequence[_Deed], sessions: Mapping[str, str]
) -> None:
    with suppress(Refused):
        for version, deed in enumerate(deeds, start=task["version"]):
            headers = {"Authorization": f"Bearer {sessions[deed.who]}", "If-Match": f'"{version}"'}
            await gateway.command(task["id"], deed.does, deed.values, headers)
