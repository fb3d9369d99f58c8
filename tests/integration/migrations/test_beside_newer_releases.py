"""A database that a newer release migrated, and one that nobody migrated yet, before the release that runs."""

import httpx
import pytest

from deploy.migrations.run import DatabaseIsNewer, migrate_database
from shared.release import RELEASE, STEP
from tests.processes import tasks
from tests.servers import run_sql


async def migrated_by_a_newer_release(database_url: str, beside: int) -> None:
    """Leaves the database as a newer release does that works with copies from release `beside` on."""
    await run_sql(
        database_url,
        "UPDATE public.alembic_version SET version_num = '9999'",
        f"UPDATE public.schema_step SET step = '9999', beside = {beside}",
    )


async def test_a_newer_database_is_left_alone_where_this_release_works_with_it(database_url: str) -> None:
    await migrated_by_a_newer_release(database_url, RELEASE)
    assert "by a newer release, beside which this one works" in await migrate_database(database_url)


async def test_a_newer_database_is_refused_where_this_release_does_not_work_with_it(database_url: str) -> None:
    await migrated_by_a_newer_release(database_url, RELEASE + 1)
    with pytest.raises(DatabaseIsNewer, match="step 9999"):
        await migrate_database(database_url)


async def test_a_service_says_which_step_its_database_lacks(
    nats_url: str, database_url: str, tasks_database_url: str
) -> None:
    with tasks(nats_url, tasks_database_url) as service:
        await run_sql(database_url, "UPDATE public.schema_step SET step = '0001'")
        async with httpx.AsyncClient(timeout=10) as http:
            ready = await http.get(f"{service.url}/readyz")
    assert ready.status_code == 503
    assert (
        ready.json()["checks"]["database"]
        == f"the database is at step 0001, and this release needs {STEP}: migrate it first"
    )
