"""The gateway, as the command line asks it."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

_SETTLED_WITHIN_SECONDS = 4.0
_LOOK_AGAIN_SECONDS = 0.1
_RETRY_SECONDS = 15.0
_READING_SECONDS = 180.0
_FIRST_EVENTS = 5
_ASSIGNED_EVENTS = 3
_CONCLUDED_EVENTS = 6

Fields = dict[str, Any]


class Refused(Exception):
    """The gateway answered with a problem. `title` and `details` are its words, in the reader's language."""

    def __init__(self, status: int, title: str, details: list[str]) -> None:
        super().__init__(f"{status} {title}: {'; '.join(details)}")
        self.status = status
        self.title = title
        self.details = details


@dataclass(frozen=True)
class Facts:
    """One meeting, all its tasks, who was told, and pieces of the log: its beginning, the first tasks that the
    meeting assigned, and what followed its coming into force."""

    meeting: Fields
    tasks: list[Fields]
    notifications: list[Fields]
    first_events: list[Fields]
    assigned_events: list[Fields]
    concluded_events: list[Fields]


@dataclass(frozen=True)
class Gateway:
    """Asks the services behind the gateway at `client.base_url`."""

    client: httpx.AsyncClient

    async def post_notice(self, notice: bytes) -> tuple[str, int]:
        """Posts a notice of any kind. Gives the meeting's id and the log's sequence at which it is in force.

        Raises:
            Refused: intake refused; nothing was recorded.
            httpx.HTTPError: the gateway does not answer.
        """
        headers = {"Content-Type": "application/octet-stream"}
        answer = await self._answered(
            "POST", "/v1/conclusions", content=notice, headers=headers, timeout=_READING_SECONDS
        )
        body = answer.json()
        return str(answer.headers["Location"]).rpartition("/")[2], int(body["sequence"])

    async def command(self, task_id: str, name: str, values: Fields, headers: Mapping[str, str]) -> None:
        """Does something with a task, for whom and which version the headers say.

        Raises:
            Refused: a rule refuses it; nothing was recorded.
            httpx.HTTPError: the gateway does not answer.
        """
        await self._answered("POST", f"/v1/tasks/{task_id}/{name}", json=values, headers=dict(headers))

    async def latest_meeting(self) -> str | None:
        """The id of the meeting that came into force last; None where there is none."""
        found = (await self._answered("GET", "/v1/meetings", params={"limit": 1})).json()
        return str(found[0]["id"]) if found else None

    async def facts(self, meeting_id: str, sequence: int | None) -> Facts:
        """Everything about a meeting, once the services have caught up with `sequence`.

        Raises:
            Refused: the register does not catch up, or does not know the meeting.
            httpx.HTTPError: the gateway does not answer.
        """
        wanted = {} if sequence is None else {"min_sequence": sequence}
        meeting = (await self._answered("GET", f"/v1/meetings/{meeting_id}", params=wanted)).json()
        tasks, notifications = await asyncio.gather(
            self._all("/v1/tasks", {"meeting": meeting_id}),
            self._settled_notifications(meeting_id, fresh=sequence is not None),
        )
        concluded = meeting["sequence"]
        begins = min((task["assigned_sequence"] for task in tasks), default=concluded)
        first, assigned, after = await asyncio.gather(
            self._events(0, min(_FIRST_EVENTS, begins - 1)),
            self._events(begins - 1, min(_ASSIGNED_EVENTS, concluded - begins)),
            self._events(concluded - 1, _CONCLUDED_EVENTS),
        )
        return Facts(meeting, tasks, notifications, first, assigned, after)

    async def _events(self, after: int, count: int) -> list[Fields]:
        if count < 1:
            return []
        found: list[Fields] = (
            await self._answered("GET", "/v1/events", params={"after": after, "limit": count})
        ).json()
        return found

    async def _settled_notifications(self, meeting_id: str, *, fresh: bool) -> list[Fields]:
        """The notifications, once none is on its way any more; of a new notice people are told within this second."""
        deadline = time.monotonic() + _SETTLED_WITHIN_SECONDS
        before: list[Fields] | None = None
        while True:
            notifications = await self._all("/v1/notifications", {"meeting": meeting_id})
            pending = any(
                delivery["state"] == "pending" and delivery["channel"] == "inbox"
                for notification in notifications
                for delivery in notification["deliveries"]
            )
            settled = not pending and len(notifications) == len(before or ()) and (bool(notifications) or not fresh)
            if settled or time.monotonic() > deadline:
                return notifications
            before = notifications
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)

    async def _all(self, path: str, params: dict[str, str]) -> list[Fields]:
        """All pages of a list."""
        answer = await self._answered("GET", path, params=params)
        found: list[Fields] = answer.json()
        while following := answer.links.get("next"):
            answer = await self._answered("GET", following["url"])
            found += answer.json()
        return found

    async def _answered(self, method: str, url: str, **request: Any) -> httpx.Response:
        """The answer to a request, asked again while a service is on its way; every request here may be repeated."""
        deadline = time.monotonic() + _RETRY_SECONDS
        while True:
            answer = await self.client.request(method, url, **request)
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE or time.monotonic() > deadline:
                break
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        if answer.is_success:
            return answer
        try:
            problem = answer.json()
            details = [str(problem["detail"])] if problem.get("detail") else []
            details += [f"{error.get('pointer', '')}: {error.get('detail', '')}" for error in problem.get("errors", ())]
            title = str(problem.get("title", ""))
        except (ValueError, AttributeError):
            title, details = answer.reason_phrase, []
        raise Refused(answer.status_code, title, details)
