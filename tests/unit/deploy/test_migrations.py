"""What a migration may do while copies of the former release serve: it adds, and nothing that they use goes away."""

import io
import re

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import Script

from deploy.migrations.run import migrations
from shared.release import BESIDE, RELEASE, STEP

_FIRST_SIDE_BY_SIDE = "0008"
_MADE = re.compile(r"CREATE (?:UNLOGGED )?TABLE (?:IF NOT EXISTS )?([\w.]+)", re.IGNORECASE)
_TAKES_AWAY = (
    (r"DROP (TABLE|COLUMN|SCHEMA|VIEW|FUNCTION|TYPE|INDEX)", "takes away what the former release may use"),
    (r"\bRENAME\b", "renames what the former release uses"),
    (r"ALTER (COLUMN )?\w+ (SET DATA )?TYPE\b", "changes a type, and writes the table again behind a lock"),
    (r"SET NOT NULL", "demands what the former release does not write"),
    (r"ADD COLUMN (?!.*DEFAULT).*NOT NULL", "demands what the former release does not write"),
    (r"ADD (CONSTRAINT|CHECK|FOREIGN|UNIQUE|PRIMARY|EXCLUDE)(?!.*NOT VALID)", "narrows what may be written"),
    (r"\bTRUNCATE\b|\bDELETE FROM\b", "takes rows away"),
    (r"\bREVOKE\b", "takes a right away"),
    (r"CREATE (UNIQUE )?INDEX", "locks a table for as long as the index is made: name it in INDEXES"),
)


def takes_away(sql: str) -> list[str]:
    """What statements do that copies of the former release would not survive. What they do to tables that they make
    themselves is nobody else's concern."""
    own = {name.lower() for name in _MADE.findall(sql)}
    found = []
    for statement in map(str.strip, sql.split(";")):
        if any(re.search(rf"\b(ON|TABLE|INTO) (ONLY )?{re.escape(name)}\b", statement, re.IGNORECASE) for name in own):
            continue
        told = " ".join(statement.split())
        found += [f"{why}: {told}" for what, why in _TAKES_AWAY if re.search(what, told, re.IGNORECASE)]
    return found


def sql_of(script: Script) -> str:
    """The statements of a migration."""
    said = io.StringIO()
    context = MigrationContext.configure(dialect_name="postgresql", opts={"as_sql": True, "output_buffer": said})
    with Operations.context(context):
        script.module.upgrade()
    return said.getvalue()


SIDE_BY_SIDE = [each for each in migrations().walk_revisions() if each.revision >= _FIRST_SIDE_BY_SIDE]


@pytest.mark.parametrize("script", SIDE_BY_SIDE, ids=lambda script: script.revision)
def test_a_migration_takes_nothing_away_from_copies_of_the_former_release(script: Script) -> None:
    assert takes_away(sql_of(script)) == []


@pytest.mark.parametrize(
    "sql",
    [
        "DROP TABLE register.task",
        "ALTER TABLE register.task DROP COLUMN text",
        "ALTER TABLE register.task RENAME COLUMN text TO words",
        "ALTER TABLE register.task\n  ALTER COLUMN text TYPE varchar(100)",
        "ALTER TABLE register.task ALTER COLUMN heading SET NOT NULL",
        "ALTER TABLE register.task ADD COLUMN mood text NOT NULL",
        "ALTER TABLE register.task ADD CONSTRAINT short CHECK (length(text) < 100)",
        "CREATE INDEX task_by_mood ON register.task (mood)",
        "CREATE TABLE register.mood (id text); CREATE UNIQUE INDEX one ON register.task (text)",
        "TRUNCATE register.task",
        "REVOKE SELECT ON register.task FROM ketluan_tasks",
    ],
)
def test_what_takes_something_away_is_found(sql: str) -> None:
    assert len(takes_away(sql)) == 1


def test_what_adds_is_let_through() -> None:
    sql = """
        CREATE TABLE register.mood (id text PRIMARY KEY, task_id text NOT NULL);
        CREATE INDEX mood_of_task ON register.mood (task_id);
        ALTER TABLE register.task ADD COLUMN mood text;
        ALTER TABLE register.task ADD COLUMN urgency integer NOT NULL DEFAULT 0;
        ALTER TABLE register.task ADD CONSTRAINT kind CHECK (urgency >= 0) NOT VALID;
        GRANT SELECT ON register.mood TO ketluan_tasks
    """
    assert takes_away(sql) == []


def test_the_release_names_the_newest_step_and_works_beside_the_one_before_it() -> None:
    assert migrations().get_current_head() == STEP
    assert max(1, RELEASE - 1) >= BESIDE
