"""An installation is upgraded and set back while people work on it."""

from tests.upgrade.rehearsal import rehearse


async def test_old_and_new_copies_work_side_by_side_and_nothing_is_lost_or_told_twice() -> None:
    seen = await rehearse(seconds=2.0)
    assert seen.failures == []
    assert int(seen.figures["of the new version"]) > 0
