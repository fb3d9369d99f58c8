"""Whom the log knows, and since when no more."""

import datetime as dt

from shared.events.catalogue import Event, EventData
from shared.events.client import ClientClosed, ClientKeyIssued, ClientKeyRevoked, ClientRegistered
from shared.events.person import PersonLeft, PersonPlaced, PersonRegistered, RoleGranted, RoleRevoked, SessionsEnded
from shared.events.signin import SignedOut
from shared.events.unit import UnitRegistered
from shared.identity.keys import ApiKey, digest_of, key_id_of, new_key
from shared.identity.known import Known
from tests.examples import envelope

NOW = dt.datetime(2026, 11, 20, 2, 30, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(days=30)
LAN = (
    UnitRegistered(unit_id="so", name="Sở"),
    UnitRegistered(unit_id="phong", name="Phòng", parent_id="so"),
    UnitRegistered(unit_id="to", name="Tổ", parent_id="phong"),
    UnitRegistered(unit_id="khac", name="Phòng khác", parent_id="so"),
    PersonRegistered(person_id="lan", name="Trần Thị Lan"),
    PersonPlaced(person_id="lan", unit_id="phong"),
    RoleGranted(person_id="lan", role="staff"),
)


def told(*events: EventData) -> Known:
    """Whom these events tell of, the first at sequence 1."""
    known = Known()
    for sequence, data in enumerate(events, start=1):
        known.apply(Event(envelope("x.y", data), data), sequence)
    return known


def program(key: ApiKey, *more: EventData, expires_at: dt.datetime = LATER) -> Known:
    """A program with this key, and what happened to it later."""
    return told(
        ClientRegistered(client_id="van-thu", name="Văn thư", scopes=("conclusions:write",)),
        ClientKeyIssued(client_id="van-thu", key_id=key.id, digest=key.digest, expires_at=expires_at),
        *more,
    )


def test_a_person_comes_with_their_roles_their_unit_and_the_units_below_it() -> None:
    caller = told(*LAN).caller("lan")

    assert caller is not None
    assert (caller.actor, caller.name) == ("person.lan", "Trần Thị Lan")
    assert caller.roles == {"staff"}
    assert caller.unit_ids == {"phong", "to"}


def test_units_that_stand_below_one_another_in_a_circle_are_found_all_the_same() -> None:
    circle = (UnitRegistered(unit_id="so", name="Sở", parent_id="to"), *LAN[1:])

    caller = told(*circle).caller("lan")

    assert caller is not None
    assert {"phong", "to", "so"} <= caller.unit_ids


def test_a_role_that_is_taken_away_counts_from_that_event_on() -> None:
    caller = told(*LAN, RoleRevoked(person_id="lan", role="staff")).caller("lan")

    assert caller is not None
    assert caller.roles == frozenset()


def test_whoever_left_is_nobody_and_whoever_comes_back_begins_without_roles() -> None:
    gone = told(*LAN, PersonLeft(person_id="lan"))
    back = told(*LAN, PersonLeft(person_id="lan"), PersonRegistered(person_id="lan", name="Trần Thị Lan"))

    assert gone.caller("lan") is None
    caller = back.caller("lan")
    assert caller is not None
    assert caller.roles == frozenset()
    assert not back.has_session("lan", "s", sequence=8)


def test_sessions_end_with_everything_before_their_end_and_not_with_what_began_later() -> None:
    known = told(*LAN, SessionsEnded(person_id="lan"))

    assert not known.has_session("lan", "s", sequence=7)
    assert known.has_session("lan", "s", sequence=9)
    assert known.has_session("another", "s", sequence=7)


def test_signing_out_ends_one_session_and_is_remembered_while_it_could_last() -> None:
    known = told(*LAN, SignedOut(signin_id="one", person_id="lan"))

    assert not known.has_session("lan", "one", sequence=7)
    assert known.has_session("lan", "two", sequence=7)


def test_a_program_is_known_by_its_whole_key_only() -> None:
    key = new_key()
    known = program(key)

    found = known.client_of_key(key.text, NOW)
    assert found is not None
    assert (found[0].id, found[1]) == ("van-thu", key.id)
    for wrong in (key.text[:-1], key.text + "a", f"klk_{key.id}_", f"klk_{key.id}", "klk__", "", new_key().text):
        assert known.client_of_key(wrong, NOW) is None


def test_a_key_ends_with_its_time_with_its_revocation_and_with_its_program() -> None:
    key = new_key()
    revoked = ClientKeyRevoked(client_id="van-thu", key_id=key.id, reason="lộ khoá")
    closed = ClientClosed(client_id="van-thu", reason="ngừng dùng")

    assert program(key, expires_at=NOW).client_of_key(key.text, NOW) is None
    assert program(key, revoked).client_of_key(key.text, NOW) is None
    assert program(key, closed).client_of_key(key.text, NOW) is None
    assert program(key, closed).client_with_key(key.id, NOW) is None


def test_nothing_but_the_digest_of_a_key_can_be_kept() -> None:
    key = new_key()

    assert key.digest == digest_of(key.text)
    assert key_id_of(key.text) == key.id
    assert key.text.rpartition("_")[2] not in key.digest
    assert new_key().text != key.text
