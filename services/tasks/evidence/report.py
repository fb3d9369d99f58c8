"""The printable report of a bundle: what its events say, for people, in Vietnamese and English."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

import fontpkg_be_vietnam_pro
import typst

from services.tasks.evidence.selection import Matter
from services.tasks.evidence.verifier.verify import Event, data_of, deliveries_of, kind_of
from services.tasks.ledger.issued import Issued
from services.tasks.ledger.note import Verifier
from shared.language import Words
from shared.vocabulary import CHANNELS, EVENTS

_MOST_ROWS = 1000
_MOST_CHARACTERS = 600
_DIRECTORY = ("log.person.", "log.unit.", "log.client.", "log.ledger.keys")
_SAID = ("note", "reason", "until", "percent", "text")
_TEMPLATE = resources.files("services.tasks.evidence") / "report.typ"


class Report:
    """What a report tells, gathered from the events one by one, in the log's order. It keeps a thousand rows of a kind
    at most, and says how many more there are."""

    def __init__(self, matter: Matter, checkpoint: Issued, zone: str) -> None:
        self._matter, self._checkpoint, self._zone = matter, checkpoint, ZoneInfo(zone)
        self._names: dict[str, str] = {}
        self._notices: list[dict[str, Any]] = []
        self._tasks: dict[str, dict[str, Any]] = {}
        self._rows: list[tuple[Event, dict[str, Any]]] = []
        self._told: list[dict[str, Any]] = []
        self._counts = {"events": 0, "steps": 0, "told": 0, "tasks": 0}

    def take(self, event: Event) -> None:
        """Adds the next event."""
        self._counts["events"] += 1
        data, kind = data_of(event), kind_of(event)
        if kind == "PersonRegistered":
            self._names[f"person.{data.get('person_id')}"] = str(data.get("name"))
        elif kind in {"MeetingConcluded", "ConclusionHeld"}:
            self._notices.append(_notice(data))
        elif kind == "TaskAssigned":
            self._assigned(event, data)
        if event.subject.startswith("log.inbox."):
            self._counts["told"] += 1
            self._told += deliveries_of([event]) if self._counts["told"] <= _MOST_ROWS else []
        elif not event.subject.startswith(_DIRECTORY):
            self._counts["steps"] += 1
            if self._counts["steps"] <= _MOST_ROWS:
                self._rows.append((event, data))

    def told(self, by: str, at: str, key: Verifier) -> dict[str, Any]:
        """All of it, as the template wants it."""
        return {
            "kind": self._matter.kind,
            "id": self._matter.id,
            "period": [_day(self._matter.since), _day(self._matter.until)],
            "sequences": [self._matter.first, self._matter.last],
            "by": self._name(by),
            "at": self._time(at),
            "notices": self._notices[:50],
            "tasks": list(self._tasks.values()),
            "steps": [self._step(event, data) for event, data in self._rows],
            "told": [self._delivery(each) for each in self._told],
            "counts": self._counts,
            "size": self._checkpoint.size,
            "root": self._checkpoint.root.hex(),
            "note": self._checkpoint.note,
            "signed_at": self._time(self._checkpoint.issued_at.isoformat()),
            "key": str(key),
        }

    def _assigned(self, event: Event, data: Mapping[str, Any]) -> None:
        """A directive that several units have to carry out until the same day is told once."""
        deadline, task_id = data.get("deadline") or {}, str(data.get("task_id"))
        if self._matter.kind == "task" and task_id != self._matter.id:
            return
        self._counts["tasks"] += 1
        due = _day(deadline.get("date"))
        directive = f"{data.get('directive_id')} {due}"
        if len(self._tasks) >= _MOST_ROWS and directive not in self._tasks:
            return
        told = self._tasks.setdefault(
            directive,
            {
                "text": str(data.get("text", "")),
                "phrase": str(data.get("phrase", "")),
                "cooperators": [str(each.get("phrase")) for each in data.get("cooperators", ())],
                "due": due,
                "due_phrase": str(deadline.get("phrase") or ""),
                "due_rule": str(deadline.get("rule") or ""),
                "recurrence": str(data.get("recurrence") or ""),
                "units": [],
            },
        )
        unit = str((data.get("unit") or {}).get("name", ""))
        told["units"].append({"name": unit, "sequence": event.sequence, "id": task_id})

    def _step(self, event: Event, data: Mapping[str, Any]) -> dict[str, Any]:
        words = EVENTS.get(kind_of(event), Words(kind_of(event) or "?", kind_of(event) or "?"))
        said = [] if kind_of(event) in {"TaskAssigned", "MeetingConcluded", "ConclusionHeld"} else _said(data)
        return {
            "sequence": event.sequence,
            "at": self._time(str(event.said.get("time", ""))),
            "vi": words.vi,
            "en": words.en,
            "who": self._name(str(event.said.get("actor", ""))),
            "subject": event.subject.removeprefix("log."),
            "said": _short(" · ".join(said)),
        }

    def _delivery(self, told: Mapping[str, Any]) -> dict[str, Any]:
        words = EVENTS.get(str(told["what"]), Words(str(told["what"]), str(told["what"])))
        channel = CHANNELS.get(told.get("channel", ""))
        return {
            "sequence": told["sequence"],
            "at": self._time(str(told["at"])),
            "vi": words.vi,
            "en": words.en,
            "who": self._name(f"person.{told.get('person_id')}"),
            "channel": [channel.vi, channel.en] if channel else ["", ""],
            "error": _short(str(told.get("error", ""))),
        }

    def _name(self, actor: str) -> str:
        name = self._names.get(actor)
        return f"{name} ({actor.removeprefix('person.')})" if name else actor

    def _time(self, written: str) -> str:
        try:
            at = dt.datetime.fromisoformat(written).astimezone(self._zone)
        except ValueError:
            return written
        return at.strftime("%d/%m/%Y %H:%M:%S")


def pdf(report: Report, by: str, at: str, key: Verifier) -> bytes:
    """The report as a PDF; the same content is the same bytes. `by` is who asked for it, `at` when (RFC 3339)."""
    given = json.dumps(report.told(by, at, key), ensure_ascii=False)
    return typst.compile(
        _template(),
        format="pdf",
        font_paths=_fonts(),
        sys_inputs={"told": given},
        timestamp=int(dt.datetime.fromisoformat(at).timestamp()),
    )


@cache
def _template() -> bytes:
    return _TEMPLATE.read_bytes()


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[str(fontpkg_be_vietnam_pro.ROOT / "files")])


def _notice(data: Mapping[str, Any]) -> dict[str, Any]:
    document = data.get("document") or {}
    return {
        "title": str(data.get("title", "")),
        "issuer": str(data.get("issuer") or ""),
        "number": str(data.get("number") or ""),
        "issued": _day(data.get("issued_on")),
        "held": _day(data.get("held_on")),
        "concluded_by": str((data.get("concluded_by") or {}).get("name", "")),
        "sha256": str(document.get("sha256", "")),
        "media_type": str(document.get("media_type", "")),
    }


def _said(data: Mapping[str, Any]) -> Sequence[str]:
    found = []
    for name in _SAID:
        value = data.get(name)
        if value is not None:
            found.append(f"{value} %" if name == "percent" else _day(value) if name == "until" else str(value))
    deadline, unit = data.get("deadline"), data.get("unit")
    if isinstance(deadline, dict):
        found.append(_day(deadline.get("date")))
    if isinstance(unit, dict):
        found.append(str(unit.get("name", "")))
    if data.get("size") and data.get("root"):
        found.append(f"{data['size']}: {data['root']}")
    return found


def _day(written: object) -> str:
    try:
        return dt.date.fromisoformat(str(written)).strftime("%d/%m/%Y")
    except ValueError:
        return ""


def _short(text: str) -> str:
    return text if len(text) <= _MOST_CHARACTERS else text[:_MOST_CHARACTERS] + " …"
