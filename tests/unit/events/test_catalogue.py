"""Where bytes become events: newer and older writers, and bytes that are no events."""

import datetime as dt
import json
from pathlib import Path
from typing import Any
from uuid import uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.events.asyncapi import asyncapi
from shared.events.catalogue import CATALOGUE, Catalogue, Unknown, UnknownEvent, UnreadableEvent
from shared.events.envelope import Chain, Envelope, event_content
from shared.events.fields import NAMESPACE, derived_id
from shared.events.task import TaskAssigned
from shared.log.append import entry
from tests.examples import assigned, envelope


def content(**changes: Any) -> bytes:
    """A TaskAssigned as the log holds it, with members of the envelope changed."""
    event = json.loads(entry(envelope("task.one", assigned("one")), 0).content)
    return json.dumps(event | changes).encode()


def test_an_event_reads_back_as_it_was_written() -> None:
    event = CATALOGUE.read(content())
    assert event.data == assigned("one")
    assert event.envelope.subject == "task.one"


def test_the_first_event_of_an_aggregate_is_written_as_every_other() -> None:
    written = envelope("task.one", assigned("one"))
    chain = Chain(written.source, written.actor, written.correlationid, written.causationid, written.time)
    fast = event_content(assigned("one"), TaskAssigned.type, written.id, "task.one", chain)
    assert Envelope.model_validate_json(fast) == written


def test_an_event_is_a_cloudevent() -> None:
    event = json.loads(content())
    assert {"specversion", "id", "source", "type", "subject", "time", "data"} <= set(event)
    assert event["specversion"] == "1.0"
    assert dt.datetime.fromisoformat(event["time"]).utcoffset() == dt.timedelta(0)


def test_bytes_say_the_same_however_they_are_spaced() -> None:
    spaced = content()
    compact = json.dumps(json.loads(spaced), separators=(",", ":"), ensure_ascii=False).encode()
    one, other = CATALOGUE.read(spaced), CATALOGUE.read(compact)
    assert one.data == other.data
    assert one.envelope.model_dump(exclude={"data"}) == other.envelope.model_dump(exclude={"data"})


def test_fields_of_a_newer_writer_are_passed_over() -> None:
    newer = json.loads(content())
    newer["data"]["mood"] = "hopeful"
    newer["traceparent"] = "00-0af7"
    assert CATALOGUE.read(json.dumps(newer).encode()).data == assigned("one")


def test_a_misspelt_field_is_refused_where_an_event_is_made() -> None:
    with pytest.raises(ValidationError, match="colour"):
        assigned("one", colour="red")


def test_an_unknown_type_is_kept_as_it_is() -> None:
    event = CATALOGUE.read(content(type="ketluan.TaskDreamtOf.v7"))
    assert isinstance(event.data, Unknown)
    assert event.data.type == "ketluan.TaskDreamtOf.v7"
    assert event.data.fields["phrase"] == "Văn phòng Sở"


def test_an_old_version_is_lifted_step_by_step() -> None:
    catalogue = Catalogue(
        models=CATALOGUE.models,
        upcasters={
            "ketluan.TaskGiven.v1": ("ketluan.TaskGiven.v2", lambda data: data | {"phrase": data["whom"]}),
            "ketluan.TaskGiven.v2": (TaskAssigned.type, lambda data: data | {"text": data["what"]}),
        },
    )
    old = json.loads(content(type="ketluan.TaskGiven.v1"))
    old["data"] |= {"whom": old["data"].pop("phrase"), "what": old["data"].pop("text")}
    assert catalogue.read(json.dumps(old).encode()).data == assigned("one")


def test_an_old_version_without_what_its_upcaster_needs_is_unreadable() -> None:
    catalogue = Catalogue(CATALOGUE.models, {"ketluan.TaskGiven.v1": (TaskAssigned.type, lambda data: data["none"])})
    with pytest.raises(UnreadableEvent):
        catalogue.read(content(type="ketluan.TaskGiven.v1"))


@pytest.mark.parametrize(
    "broken",
    [b"", b"null", b"[]", b"{}", b"\xff\xfe", b"[" * 100_000, content(data=None), content(time="2026-11-20T09:30:00")],
)
def test_what_is_no_event_is_unreadable_and_nothing_worse(broken: bytes) -> None:
    with pytest.raises(UnreadableEvent):
        CATALOGUE.read(broken)


@given(st.binary(max_size=200))
def test_any_bytes_are_an_event_or_unreadable(arbitrary: bytes) -> None:
    with pytest.raises(UnreadableEvent):
        CATALOGUE.read(arbitrary)


def test_every_event_is_described_for_outside_readers() -> None:
    description = asyncapi()
    assert description["asyncapi"].startswith("3.")
    assert set(CATALOGUE.models) == set(description["channels"])
    subjects = {channel["address"] for channel in description["channels"].values()}
    kinds = (
        "meeting",
        "task",
        "submission",
        "inbox",
        "unit",
        "person",
        "signin",
        "client",
        "floor",
        "webhook",
        "policy",
        "ledger",
    )
    assert subjects == {f"log.{kind}.*" for kind in kinds}
    schema = description["components"]["schemas"]["TaskAssignedEvent"]
    assert schema["properties"]["type"]["const"] == "ketluan.TaskAssigned.v1"


@given(st.lists(st.one_of(st.text(), st.integers()), min_size=1, max_size=4))
def test_a_derived_id_is_a_version_5_uuid(parts: list[str | int]) -> None:
    assert derived_id(*parts) == str(uuid5(NAMESPACE, "\x1f".join(map(str, parts))))


def with_foreseen() -> Catalogue:
    """A release before `ketluan.TaskAssigned.v2` is written, which reads it already."""
    foreseen = {"ketluan.TaskAssigned.v2": (TaskAssigned.type, lambda data: data | {"text": data["wording"]})}
    return Catalogue(CATALOGUE.models, foreseen=foreseen)


def test_a_version_is_read_one_release_before_it_is_written() -> None:
    newer = json.loads(content(type="ketluan.TaskAssigned.v2"))
    newer["data"]["wording"] = newer["data"].pop("text")
    event = with_foreseen().applicable(json.dumps(newer).encode(), "task.one")
    assert event.data == assigned("one")
    assert event.envelope.type == "ketluan.TaskAssigned.v2"
    assert "ketluan.TaskAssigned.v2" in with_foreseen().reads
    assert "ketluan.TaskAssigned.v2" not in with_foreseen().writes


def test_a_version_that_nobody_foresaw_is_named_and_not_applied() -> None:
    with pytest.raises(UnknownEvent, match=r"does not know ketluan\.TaskAssigned\.v2"):
        CATALOGUE.applicable(content(type="ketluan.TaskAssigned.v2"), "task.one")


def test_an_event_on_another_aggregate_than_it_says_is_not_applied() -> None:
    with pytest.raises(UnreadableEvent, match=r"stands on task\.two"):
        CATALOGUE.applicable(content(), "task.two")


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        (b'"actor":"tests"', b'"actor":"tests","actor":"somebody else"'),
        (b'"ordinal":', b'"ordinal":7,"ordinal":'),
        (b'"ordinal":', b'"ordinal":7,"\\u006frdinal":'),
        (b'"data":{', b'"data":{"mood":NaN,'),
        (b'"data":{', b'"data":{"mood":-Infinity,'),
    ],
)
def test_bytes_that_two_readers_may_understand_differently_are_no_event(written: bytes, instead: bytes) -> None:
    compact = json.dumps(json.loads(content()), separators=(",", ":")).encode()
    assert CATALOGUE.read(compact).data == assigned("one")
    assert written in compact
    with pytest.raises(UnreadableEvent):
        CATALOGUE.read(compact.replace(written, instead))


def test_every_type_that_was_ever_written_is_still_read() -> None:
    ever = (Path(__file__).parent / "ever_written.txt").read_text().split()
    assert set(ever) <= CATALOGUE.reads
    assert set(ever) >= CATALOGUE.writes, "a new type is added to ever_written.txt by the release that writes it first"
