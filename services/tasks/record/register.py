"""Whether the register is what the events make of it: a rebuild beside it, compared row by row."""

from services.tasks.rebuild.run import Progress
from services.tasks.record.findings import Finding
from services.tasks.record.kinds import Kind
from services.tasks.record.verification import Sources
from services.tasks.replay import replay


async def register_findings(source: Sources, progress: Progress) -> list[Finding]:
    """What is wrong with the register, a finding for each of its tables.

    Raises: as `services.tasks.replay.replay`.
    """
    found = await replay(source.engine, source.settings, progress)
    return [
        Finding(
            kind=Kind.REGISTER,
            side="register",
            count=max(len(each.only_live), len(each.only_rebuilt), abs(each.live_rows - each.rebuilt_rows)),
            detail=f"{each.table}: {', '.join(list(dict.fromkeys((*each.only_live, *each.only_rebuilt)))[:10])}",
        )
        for each in found.tables
        if not each.equal
    ]
