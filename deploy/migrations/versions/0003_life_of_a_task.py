"""The life of a task in the register: its states, all its versions, its files, and who holds which role."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_SCHEMA = "register"
_ZONE = "Asia/Ho_Chi_Minh"
_EMPTIED = (
    "checkpoint",
    "meeting",
    "directive",
    "task",
    "unit",
    "person",
    "notification",
    "notified_task",
    "notification_event",
    "parked",
)


def upgrade() -> None:
    """Gives the register what the life of a task needs, and empties it: the service makes it again from the log."""
    op.execute("TRUNCATE " + ", ".join(f"{_SCHEMA}.{name}" for name in _EMPTIED))
    _add("meeting", sa.Column("revoked_at", sa.DateTime(timezone=True)))
    _add("directive", sa.Column("urgent", sa.Boolean, nullable=False))
    _add("directive", sa.Column("confidence", sa.Float, nullable=False))
    _add("directive", sa.Column("withdrawn", sa.Boolean, nullable=False))
    _add("person", sa.Column("roles", sa.ARRAY(sa.Text), nullable=False))
    _add("person", sa.Column("has_left", sa.Boolean, nullable=False))
    op.drop_table("task", schema=_SCHEMA)
    _make_task()
    _make_task_version()
    _make_standing()
    _make_finished()
    _make_wording()
    op.create_table(
        "attachment",
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("task_id", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("sha256", "task_id", "sequence"),
        schema=_SCHEMA,
    )
    op.create_index("attachment_by_task", "attachment", ["task_id", "sequence"], schema=_SCHEMA)
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {_SCHEMA} TO ketluan_tasks")


def _add(table: str, column: "sa.Column[object]") -> None:
    op.add_column(table, column, schema=_SCHEMA)


def _make_task() -> None:
    op.create_table(
        "task",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("assigned_sequence", sa.BigInteger, nullable=False, unique=True),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("meeting_id", sa.Text, nullable=False),
        sa.Column("directive_id", sa.Text, nullable=False),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("unit_id", sa.Text, nullable=False),
        sa.Column("unit_name", sa.Text, nullable=False),
        sa.Column("provisional", sa.Boolean, nullable=False),
        sa.Column("phrase", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("baseline_due", sa.Date),
        sa.Column("due", sa.Date),
        sa.Column("due_time", sa.Text),
        sa.Column("due_phrase", sa.Text),
        sa.Column("due_rule", sa.Text),
        sa.Column("due_confidence", sa.Float),
        sa.Column("in_force", sa.Boolean, nullable=False),
        sa.Column("lead_name", sa.Text),
        sa.Column("lead_position", sa.Text),
        sa.Column("cooperators", JSONB, nullable=False),
        sa.Column("cooperator_unit_ids", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("urgent", sa.Boolean, nullable=False),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("recurrence", sa.Text),
        sa.Column("is_series", sa.Boolean, nullable=False),
        sa.Column("series_id", sa.Text),
        sa.Column("period_start", sa.Date),
        sa.Column("period_end", sa.Date),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True)),
        sa.Column("percent", sa.Integer),
        sa.Column("submitted_at", sa.DateTime(timezone=True)),
        sa.Column("submitted_by", sa.Text),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.Column("cancelled_at", sa.DateTime(timezone=True)),
        sa.Column("pending_until", sa.Date),
        schema=_SCHEMA,
        # Room in each page, so that a new state of a task takes its old one's place and touches no index.
        postgresql_with={"fillfactor": 70},
    )
    op.create_index("task_by_meeting", "task", ["meeting_id", "assigned_sequence"], schema=_SCHEMA)
    turns, series = sa.text("series_id IS NOT NULL"), sa.text("is_series")
    op.create_index("task_by_series", "task", ["series_id", "period_start"], schema=_SCHEMA, postgresql_where=turns)
    op.create_index("task_that_recurs", "task", ["id"], schema=_SCHEMA, postgresql_where=series)


def _make_task_version() -> None:
    op.create_table(
        "task_version",
        sa.Column("task_id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("assigned_sequence", sa.BigInteger, nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True)),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("meeting_id", sa.Text, nullable=False),
        sa.Column("directive_id", sa.Text, nullable=False),
        sa.Column("unit_id", sa.Text, nullable=False),
        sa.Column("cooperator_unit_ids", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("is_series", sa.Boolean, nullable=False),
        sa.Column("baseline_due", sa.Date),
        sa.Column("due", sa.Date),
        sa.Column("percent", sa.Integer),
        sa.Column("pending_until", sa.Date),
        sa.Column("submitted_at", sa.DateTime(timezone=True)),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("task_id", "version"),
        schema=_SCHEMA,
        postgresql_with={"fillfactor": 85},
    )


def _computed(name: str, how: str) -> "sa.Column[object]":
    return sa.Column(name, sa.Date, sa.Computed(how, persisted=True))


def _make_standing() -> None:
    op.create_table(
        "standing",
        sa.Column("assigned_sequence", sa.BigInteger, nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_series", sa.Boolean, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("due", sa.Date),
        sa.Column("submitted_at", sa.DateTime(timezone=True)),
        sa.Column("unit_id", sa.Text, nullable=False),
        sa.Column("meeting_id", sa.Text, nullable=False),
        sa.Column("directive_id", sa.Text, nullable=False),
        sa.Column("task_id", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("cooperator_unit_ids", sa.ARRAY(sa.Text), nullable=False),
        _computed("submitted_on", f"(submitted_at AT TIME ZONE '{_ZONE}')::date"),
        _computed("assigned_month", f"date_trunc('month', assigned_at AT TIME ZONE '{_ZONE}')::date"),
        schema=_SCHEMA,
        postgresql_with={"fillfactor": 80},
    )
    op.create_index("standing_by_sequence", "standing", ["assigned_sequence"], schema=_SCHEMA, unique=True)
    op.create_index(
        "standing_by_cooperator", "standing", ["cooperator_unit_ids"], schema=_SCHEMA, postgresql_using="gin"
    )
    op.create_index("standing_by_unit", "standing", ["unit_id", "assigned_sequence"], schema=_SCHEMA)
    op.create_index("standing_by_meeting", "standing", ["meeting_id"], schema=_SCHEMA)
    op.create_index(
        "standing_open",
        "standing",
        ["assigned_sequence"],
        schema=_SCHEMA,
        postgresql_where=sa.text("status IN ('not_started', 'in_progress', 'submitted')"),
    )
    # Counting all tasks reads this table whole: more than one process shares in it.
    op.execute(f"ALTER TABLE {_SCHEMA}.standing SET (parallel_workers = 2)")


def _make_finished() -> None:
    keys: dict[str, list[sa.Column[Any]]] = {
        "finished_by_unit": [sa.Column("unit_id", sa.Text), sa.Column("assigned_month", sa.Date)],
        "finished_by_meeting": [sa.Column("meeting_id", sa.Text)],
    }
    for name, columns in keys.items():
        op.create_table(
            name,
            *columns,
            *(
                sa.Column(each, sa.BigInteger, nullable=False)
                for each in ("cancelled", "done", "done_undated", "done_late")
            ),
            sa.PrimaryKeyConstraint(*(column.name for column in columns)),
            schema=_SCHEMA,
            postgresql_with={"fillfactor": 70},
        )


def _make_wording() -> None:
    op.create_table(
        "wording",
        sa.Column("task_id", sa.Text, primary_key=True),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("plain", sa.Text, nullable=False),
        schema=_SCHEMA,
    )
    op.create_table(
        "likeness",
        sa.Column("key", sa.BigInteger, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("task_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("key", "sequence", "task_id"),
        schema=_SCHEMA,
    )
    op.create_table(
        "carried_over",
        sa.Column("task_id", sa.Text, primary_key=True),
        sa.Column("repeats_task_id", sa.Text, nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
        schema=_SCHEMA,
    )
    op.create_index("carried_over_by_repeated", "carried_over", ["repeats_task_id"], schema=_SCHEMA)
    op.create_table(
        "search",
        sa.Column("task_id", sa.Text, primary_key=True),
        sa.Column("assigned_sequence", sa.BigInteger, nullable=False),
        sa.Column("words", TSVECTOR, nullable=False),
        schema=_SCHEMA,
    )
    op.create_index("search_by_words", "search", ["words"], schema=_SCHEMA, postgresql_using="gin")
    op.create_index("search_by_sequence", "search", ["assigned_sequence"], schema=_SCHEMA)


def downgrade() -> None:
    """Refuses: a step back would destroy the ledger."""
    raise RuntimeError("the ledger is never dropped; restore a backup instead")
