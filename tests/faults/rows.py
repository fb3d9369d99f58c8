"""Every row, in the order in which they are run."""

from tests.faults import clocks, disks, kills, partitions, pauses, quorum, steady_load, strange_events, upgrade
from tests.faults.requests import row as requests
from tests.faults.row import Row

ROWS: tuple[Row, ...] = (
    kills.ROW,
    quorum.ROW,
    partitions.ROW,
    pauses.ROW,
    disks.FULL,
    disks.SLOW,
    clocks.ROW,
    strange_events.ROW,
    upgrade.ROW,
    disks.EVERYWHERE,
    requests.ROW,
    steady_load.ROW,
)
