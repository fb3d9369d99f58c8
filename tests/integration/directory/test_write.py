"""Files of units and people that reach the log at the same time."""

import asyncio
from collections import Counter

import pytest
from nats.aio.client import Client

from shared.directory.changes import changes
from shared.directory.file import DirectoryFile, PersonEntry, UnitEntry
from shared.directory.fold import folded
from shared.directory.live import SUBJECTS
from shared.directory.write import write, write_file
from shared.events.catalogue import CATALOGUE
from shared.log.faults import Conflict
from shared.log.read import next_on

UNITS = tuple(UnitEntry(id=f"unit-{number}", name=f"Phòng số {number}") for number in range(20))
PEOPLE = tuple(
    PersonEntry(id=f"person-{number}", name=f"Nguyễn Văn {number}", unit=f"unit-{number}", roles=("staff", "unit_lead"))
    for number in range(20)
)
FILE = DirectoryFile(UNITS, PEOPLE)


async def events(client: Client) -> list[tuple[str, str, int]]:
    """Aggregate, type and version of everything that the log holds of units and people."""
    found = []
    for subject in SUBJECTS:
        after = 0
        while record := await next_on(client, subject, after):
            after = record.sequence
            envelope = CATALOGUE.read(record.content).envelope
            found.append((record.aggregate, envelope.type, envelope.aggregateversion))
    return found


def aliased(alias: str) -> DirectoryFile:
    """A file that gives one unit another spelling."""
    return DirectoryFile((UNITS[0].model_copy(update={"aliases": (alias,)}),), ())


async def test_the_same_file_imported_four_times_at_once_is_written_once(log_client: Client) -> None:
    written = await asyncio.gather(*(write_file(log_client, FILE, "tests") for _ in range(4)))

    kinds = Counter(kind for _, kind, _ in await events(log_client))
    assert kinds == {
        "ketluan.UnitRegistered.v1": 20,
        "ketluan.PersonRegistered.v1": 20,
        "ketluan.PersonPlaced.v1": 20,
        "ketluan.RoleGranted.v1": 40,
    }
    assert sum(len(change.events) for each in written for change in each) == 100


async def test_two_files_at_once_both_end_well(log_client: Client) -> None:
    await write_file(log_client, FILE, "tests")

    await asyncio.gather(*(write_file(log_client, aliased(f"PS{number}"), "tests") for number in range(3)))

    known = await folded(log_client)
    assert set(known.directory.units["unit-0"].names) == {"Phòng số 0", "PS0", "PS1", "PS2"}
    versions = [version for aggregate, _, version in await events(log_client) if aggregate == "unit.unit-0"]
    assert versions == [1, 2, 3, 4]


async def test_what_comes_between_reading_and_writing_is_a_conflict_and_written_once(log_client: Client) -> None:
    before = await folded(log_client)
    await write_file(log_client, DirectoryFile(UNITS[:1], ()), "tests")

    with pytest.raises(Conflict):
        await write(log_client, before, changes(DirectoryFile(UNITS[:1], ()), before.directory), "tests")

    assert await events(log_client) == [("unit.unit-0", "ketluan.UnitRegistered.v1", 1)]


async def test_the_same_file_again_writes_nothing(log_client: Client) -> None:
    assert await write_file(log_client, FILE, "tests")

    assert await write_file(log_client, FILE, "tests") == ()
