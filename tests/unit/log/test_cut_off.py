"""Whether who answers for the log hears from enough of the others to decide anything."""

import pytest
from nats.js.api import ClusterInfo, PeerInfo, StreamConfig, StreamInfo, StreamState

from shared.log.cut_off import hears_most

LATELY, LONG_AGO = 500_000_000, 30_000_000_000


def info(*others: PeerInfo) -> StreamInfo:
    cluster = ClusterInfo(name="ketluan", leader="nats-1", replicas=list(others))
    state = StreamState(messages=0, bytes=0, first_seq=0, last_seq=0, consumer_count=0)
    return StreamInfo(config=StreamConfig(), state=state, cluster=cluster)


@pytest.mark.parametrize(
    ("ages", "hears"),
    [((LATELY, LATELY), True), ((LATELY, LONG_AGO), True), ((LONG_AGO, LONG_AGO), False), ((), True)],
)
def test_a_leader_that_hears_from_nobody_is_cut_off(ages: tuple[int, ...], hears: bool) -> None:
    assert hears_most(info(*(PeerInfo(name="other", active=age) for age in ages))) is hears


def test_one_that_is_known_to_be_away_is_not_heard() -> None:
    away = PeerInfo(name="other", active=LATELY, offline=True)
    assert not hears_most(info(away, away))
