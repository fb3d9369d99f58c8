"""The row: sends them all, judges each answer, and in the end the log."""

import asyncio
import itertools
import json
import queue
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, cast

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings

from shared.events.envelope import Envelope
from shared.log.bulk import records
from shared.log.connect import broker, connected
from shared.log.stream import stream_info
from shared.settings import NatsSettings
from tests.described import operations
from tests.faults.requests.answers import wrong
from tests.faults.requests.events import unauthorised
from tests.faults.requests.exchange import Answer, Asked, Silent, exchanged
from tests.faults.requests.sound import sound
from tests.faults.requests.strange import requests
from tests.faults.requests.town import SERVICES, Asker, Town, town
from tests.faults.row import Row, Run

_REQUESTS, _LONG_REQUESTS = 1_500, 100_000
_DESCRIBED_SHARE = 0.2
_CHUNK = 1_000
_SENDERS = 3
_MOST_WORDS = 25
_REST_SECONDS = 3.0
_PATIENCE_SECONDS = 25

Sending = Callable[[], tuple[Asked, Answer]]


@dataclass
class _Sent:
    """What was sent and what was wrong with the answers. Several threads send."""

    town: Town
    said: Callable[[str], None]
    wanted: int
    askers: dict[str, Asker] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    failures: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._numbers = itertools.count(1)
        self._waiting: queue.Queue[Sending | None] = queue.Queue(200)
        self._lock = threading.Lock()
        self._senders = [threading.Thread(target=self._send, daemon=True) for _ in range(_SENDERS)]
        for each in self._senders:
            each.start()

    @property
    def done(self) -> int:
        """How many were answered."""
        return self.statuses.total()

    def request_id(self, asker: Asker) -> str:
        """A new request of somebody."""
        name = f"generated-{next(self._numbers)}"
        self.askers[name] = asker
        return name

    def put(self, sending: Sending) -> None:
        """Has a request sent."""
        self._waiting.put(sending)

    def end(self) -> None:
        """Returns when all were answered."""
        for _ in self._senders:
            self._waiting.put(None)
        for each in self._senders:
            each.join()

    def _send(self) -> None:
        while (sending := self._waiting.get()) is not None:
            try:
                asked, answer = sending()
                found = wrong(self.town, asked, answer)
            except Silent as silent:
                asked, answer, found = silent.asked, Answer(0), ["no answer in time"]
            with self._lock:
                self.statuses[answer.status] += 1
                for each in found:
                    self.failures.setdefault((f"{asked.method} {asked.target[:20]!r}", each[:80]), f"{each}: {asked}")
                if self.done % max(self.wanted // 10, 1) == 0:
                    self.said(f"{self.done:,} of {self.wanted:,} requests, {len(self.failures)} wrong")


async def _inject(run: Run) -> None:
    wanted = _LONG_REQUESTS if run.long else _REQUESTS
    number = run.random.randrange(2**32)
    run.said("services start")
    await asyncio.to_thread(_asked, run, wanted, number)


def _asked(run: Run, wanted: int, number: int) -> None:
    with town() as asked_town:
        before = len(asyncio.run(_events(asked_town.servers.nats.url)))
        sent = _Sent(asked_town, run.said, wanted)
        try:
            _send_described(sent, int(wanted * _DESCRIBED_SHARE), number)
            _send_strange(sent, wanted, number)
        finally:
            sent.end()
            run.outcome.injected["generated request"] += sent.done
            run.outcome.failures += list(sent.failures.values())[:_MOST_WORDS]
        run.said("judging the log")
        events = asyncio.run(_at_rest(asked_town.servers.nats.url))
        run.outcome.failures += unauthorised(events, before, sent.askers)[:_MOST_WORDS]
        run.outcome.figures["new events"] = f"{len(events) - before:,}"
        for group in range(6):
            if count := sum(each for status, each in sent.statuses.items() if status // 100 == group):
                run.outcome.figures[f"{group}xx" if group else "closed, no HTTP"] = f"{count:,}"
        for service in asked_town.services:
            if service.child is None or service.child.poll() is not None:
                run.outcome.failures.append(f"{service.name} ended")


def _send_strange(sent: _Sent, wanted: int, number: int) -> None:
    strategy = requests(sent.town) | requests(sent.town) | sound(sent.town)
    for turn in itertools.count(number):
        left = wanted - len(sent.askers)
        if left <= 0:
            return

        @seed(turn)
        @_settings(min(left, _CHUNK))
        @given(strategy)
        def send(asked: Asked) -> None:
            whole = replace(asked, request_id=sent.request_id(asked.asker))
            sent.put(lambda: (whole, exchanged(whole, sent.town.gateway.port)))

        send()


def _send_described(sent: _Sent, wanted: int, number: int) -> None:
    """Requests as the services describe them, as each asker in turn."""
    found = [each for service in SERVICES for each in operations(sent.town.gateway.url, service)]
    known = [asker for asker in sent.town.askers if asker.actor]
    turns = itertools.cycle(known)
    for operation in found:

        @seed(number)
        @_settings(max(1, wanted // len(found)))
        @given(operation.as_strategy())
        def send(case: schemathesis.Case[Any]) -> None:
            asker = next(turns)
            name = sent.request_id(asker)
            sent.put(lambda: _called(case, asker, name))

        send()


def _called(case: schemathesis.Case[Any], asker: Asker, name: str) -> tuple[Asked, Answer]:
    asked = Asked(asker, name, case.method, case.formatted_path.encode("utf-8", "replace"))
    try:
        answer = case.call(timeout=_PATIENCE_SECONDS, headers={**asker.shows, "X-Request-Id": name})
    except Exception as error:  # what the client library refuses to send was not asked
        if "Timeout" in type(error).__name__:
            raise Silent(asked) from error
        return replace(asked, malformed=True), Answer(0)
    given = json.dumps([str(case.body), str(case.query), str(case.headers)], ensure_ascii=False)
    headers = {key.lower(): ", ".join(values) for key, values in answer.headers.items()}
    whole = replace(asked, body=given.encode("utf-8", "replace"))
    return whole, Answer(answer.status_code, headers, answer.content, case.method.upper())


def _settings(examples: int) -> Callable[[Any], Any]:
    checks = list(HealthCheck)
    made = settings(
        max_examples=examples, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=checks
    )
    return cast(Callable[[Any], Any], made)


async def _at_rest(url: str) -> list[Envelope]:
    """The log, once nothing comes to it any more."""
    found = await _events(url)
    while True:
        await asyncio.sleep(_REST_SECONDS)
        again = await _events(url)
        if len(again) == len(found):
            return again
        found = again


async def _events(url: str) -> list[Envelope]:
    nats = NatsSettings(nats_url=url)
    nats_broker = broker(nats, "faults")
    try:
        last = (await stream_info(await connected(nats_broker))).state.last_seq
    finally:
        await nats_broker.stop()
    return [Envelope.model_validate_json(each.content) async for every in records(nats, 1, last) for each in every]


ROW = Row("requests", "generated requests on every route, by nobody and by everybody", _inject, on_the_office=False)
