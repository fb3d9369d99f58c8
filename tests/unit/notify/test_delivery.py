"""When a provider is left in peace, how fast it is sent to, and how long a message waits."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from services.notify.delivery.circuit import OPENS_AFTER, Circuit
from services.notify.delivery.pauses import LONGEST, pause_before
from services.notify.delivery.rate import Bucket

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
PAUSE = dt.timedelta(seconds=5)


def opened(now: dt.datetime = NOW) -> Circuit:
    """The circuit of a provider that was just found away often enough."""
    circuit = Circuit()
    for _ in range(OPENS_AFTER):
        circuit = circuit.when_away(now, PAUSE)
    return circuit


def test_a_provider_that_is_away_again_and_again_is_left_in_peace() -> None:
    assert Circuit().when_away(NOW, PAUSE).state(NOW) == "closed"
    assert opened().state(NOW) == "open"
    assert opened().admits(NOW, 8) == 0


def test_an_answer_in_between_begins_anew() -> None:
    circuit = Circuit().when_away(NOW, PAUSE).when_away(NOW, PAUSE).when_answered().when_away(NOW, PAUSE)
    assert circuit.admits(NOW, 8) == 8


def test_after_the_pause_one_message_tries_and_no_other() -> None:
    later = NOW + PAUSE
    assert opened().admits(later, 8) == 1
    trying = opened().with_probe(later + dt.timedelta(minutes=2))
    assert trying.state(later) == "half_open"
    assert trying.admits(later, 8) == 0


def test_a_probe_of_which_nothing_is_heard_is_followed_by_another() -> None:
    trying = opened().with_probe(NOW + dt.timedelta(minutes=2))
    assert trying.admits(NOW + dt.timedelta(minutes=2), 8) == 1


def test_each_probe_in_vain_makes_the_next_pause_longer_up_to_a_minute() -> None:
    circuit, now, pauses = opened(), NOW, []
    for _ in range(8):
        assert circuit.tries_again_at
        now = circuit.tries_again_at
        circuit = circuit.with_probe(now + dt.timedelta(minutes=2)).when_away(now, PAUSE)
        assert circuit.tries_again_at
        pauses.append((circuit.tries_again_at - now).total_seconds())
    assert pauses == [10, 20, 40, 60, 60, 60, 60, 60]


def test_messages_that_were_on_their_way_when_it_opened_make_no_pause_longer() -> None:
    circuit = opened()
    for _ in range(7):
        circuit = circuit.when_away(NOW + dt.timedelta(seconds=1), PAUSE)
    assert circuit.tries_again_at == NOW + PAUSE


def test_a_provider_that_says_when_is_believed_up_to_an_hour() -> None:
    assert (Circuit(failures=5).when_away(NOW, PAUSE, 120).tries_again_at) == NOW + dt.timedelta(minutes=2)
    assert (Circuit(failures=5).when_away(NOW, PAUSE, 1e9).tries_again_at) == NOW + dt.timedelta(hours=1)


def test_when_it_answers_everything_goes_again() -> None:
    assert opened().with_probe(NOW).when_answered().admits(NOW, 8) == 8


@given(
    per_minute=st.integers(1, 100_000),
    steps=st.lists(st.tuples(st.floats(0, 30), st.integers(1, 50)), max_size=40),
)
def test_no_minute_sees_more_than_its_share_and_what_may_go_at_once(
    per_minute: int, steps: list[tuple[float, int]]
) -> None:
    bucket, now, sent = Bucket.full(per_minute, NOW), NOW, 0
    for seconds, wanted in steps:
        now += dt.timedelta(seconds=seconds)
        bucket = bucket.at(now)
        taken = min(wanted, bucket.ready)
        bucket, sent = bucket.without(taken), sent + taken
    passed = (now - NOW).total_seconds()
    assert sent <= per_minute * passed / 60 + max(per_minute / 10, 1) + 1e-6


@given(per_minute=st.integers(1, 100_000))
def test_who_waits_as_long_as_told_may_send(per_minute: int) -> None:
    spent = Bucket(per_minute, 0.0, NOW)
    later = NOW + dt.timedelta(seconds=spent.seconds_until_next) + dt.timedelta(milliseconds=1)
    assert spent.at(later).ready >= 1


def test_a_clock_that_was_set_back_gives_nothing_twice() -> None:
    spent = Bucket.full(60, NOW).without(6)
    assert spent.at(NOW - dt.timedelta(hours=1)).at(NOW).ready == 0


@given(attempt=st.integers(2, 40), chance=st.floats(0, 1))
def test_pauses_double_up_to_eight_hours_and_are_spread(attempt: int, chance: float) -> None:
    pause = pause_before(attempt, 30.0, chance)
    exact = min(dt.timedelta(seconds=30 * 2 ** (attempt - 2)), LONGEST)
    assert exact * 0.74 <= pause <= exact * 1.26


def test_sixteen_attempts_go_over_two_days() -> None:
    total = sum((pause_before(attempt, 30.0, 0.5) for attempt in range(2, 17)), dt.timedelta())
    assert dt.timedelta(hours=44) < total < dt.timedelta(hours=52)


def test_what_the_provider_asks_for_is_kept_up_to_a_day() -> None:
    assert pause_before(2, 30.0, 0.5, 3600) == dt.timedelta(hours=1)
    assert pause_before(2, 30.0, 0.5, 1e9) == dt.timedelta(days=1)
