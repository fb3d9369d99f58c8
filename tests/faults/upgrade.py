"""A release is replaced by the next one, and the next one by it again, while people work."""

from tests.faults.row import Row, Run
from tests.upgrade.rehearsal import rehearse

_SECONDS, _LONG_SECONDS = 2.0, 20.0


async def _inject(run: Run) -> None:
    run.injected("upgrade and back")
    seen = await rehearse(run.said, _LONG_SECONDS if run.long else _SECONDS)
    run.outcome.failures += seen.failures
    run.outcome.figures |= seen.figures
    if not int(seen.figures["of the new version"]):
        run.outcome.failures.append("the next release wrote no event of its new version")


ROW = Row("upgrade", "old and new copies side by side, and back", _inject, on_the_office=False)
