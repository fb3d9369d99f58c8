"""The ledger's tree, its checkpoints, and the register's pasts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds them."""
    _the_tree()
    _words_behind()
    _pasts()
    _verifications()


def _the_tree() -> None:
    """Tiles and checkpoints, which only grow as events do; leaves that hold the digest of an event's bytes."""
    op.create_table(
        "tile",
        sa.Column("level", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("index", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("root", sa.LargeBinary, nullable=False),
        sa.Column("hashes", sa.LargeBinary, nullable=False),
        schema="ledger",
    )
    op.execute("ALTER TABLE ledger.tile ALTER hashes SET STORAGE EXTERNAL")
    op.create_table(
        "checkpoint",
        sa.Column("size", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("root", sa.LargeBinary, nullable=False),
        sa.Column("key_id", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        schema="ledger",
    )
    for table in ("tile", "checkpoint"):
        op.execute(
            f"CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.{table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse()"
        )
        op.execute(f"GRANT SELECT, INSERT ON ledger.{table} TO ketluan_tasks")
    op.execute("ALTER TABLE ledger.event DISABLE TRIGGER only_grows")
    op.execute(
        "UPDATE ledger.event SET leaf_hash = sha256('\\x00'::bytea || int8send(sequence) "
        "|| int2send(octet_length(subject)::int2) || convert_to(subject, 'UTF8') || sha256(content))"
    )
    op.execute("ALTER TABLE ledger.event ENABLE TRIGGER only_grows")


def _words_behind() -> None:
    """A reader of its own for what tasks say, which so far was written with the register."""
    op.execute(
        "INSERT INTO register.checkpoint (reader, sequence, stream) "
        "SELECT 'words', sequence, stream FROM register.checkpoint WHERE reader = 'tasks'"
    )


def _pasts() -> None:
    """The register with what was, at every event; emptied, since the service makes it again from the log."""
    op.execute(
        """
        DO $$ BEGIN EXECUTE (
            SELECT 'TRUNCATE ' || string_agg(format('register.%I', tablename), ', ')
            FROM pg_tables WHERE schemaname = 'register'
        ); END $$
        """
    )
    op.execute("ALTER TABLE register.task ADD stands_from bigint NOT NULL")
    for table in ("task_version", "standing", "finished_by_unit"):
        op.drop_table(table, schema="register")
    op.create_table(
        "moment",
        sa.Column("at", sa.DateTime(timezone=True), primary_key=True),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        schema="register",
    )
    op.create_index("moment_by_sequence", "moment", ["sequence"], schema="register")
    op.create_table(
        "task_version",
        sa.Column("task_id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("until_sequence", sa.BigInteger, nullable=False),
        sa.Column("width", sa.SmallInteger, nullable=False),
        *_stood(),
        sa.PrimaryKeyConstraint("task_id", "version"),
        schema="register",
    )
    op.create_index("task_version_at", "task_version", ["width", "until_sequence"], schema="register")
    op.create_table(
        "task_held",
        sa.Column("task_id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True)),
        *_stood(),
        sa.PrimaryKeyConstraint("task_id", "version"),
        schema="register",
    )
    for name in ("meeting_former", "directive_former"):
        op.create_table(
            name,
            sa.Column("id", sa.Text, nullable=False),
            sa.Column("until_sequence", sa.BigInteger, nullable=False),
            sa.Column("state", JSONB, nullable=False),
            sa.PrimaryKeyConstraint("id", "until_sequence"),
            schema="register",
        )
    for name, first in (("finished_step", "sequence"), ("finished_by_unit", "block")):
        op.create_table(
            name,
            sa.Column(first, sa.BigInteger, primary_key=True, autoincrement=False),
            sa.Column("unit_id", sa.Text, primary_key=True),
            sa.Column("assigned_month", sa.Date, primary_key=True),
            *(
                sa.Column(each, sa.BigInteger, nullable=False)
                for each in ("cancelled", "done", "done_undated", "done_late")
            ),
            schema="register",
            postgresql_with={"fillfactor": 100 if first == "sequence" else 70},
        )
    _standing()
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA register TO ketluan_tasks")


def _stood() -> "tuple[sa.Column[object], ...]":
    return (
        sa.Column("assigned_sequence", sa.BigInteger, nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("meeting_id", sa.Text, nullable=False),
        sa.Column("directive_id", sa.Text, nullable=False),
        sa.Column("unit_id", sa.Text, nullable=False),
        sa.Column("cooperator_unit_ids", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("is_series", sa.Boolean, nullable=False),
        sa.Column("due", sa.Date),
        sa.Column("submitted_at", sa.DateTime(timezone=True)),
    )


def _standing() -> None:
    """Open work apart from what came to its end: it is little, and changes again and again without touching an index;
    what came to its end is much, and hardly changes any more."""
    op.execute(
        """
        CREATE TABLE register.standing (
            assigned_sequence bigint NOT NULL,
            sequence bigint NOT NULL,
            assigned_at timestamptz NOT NULL,
            at timestamptz NOT NULL,
            is_series boolean NOT NULL,
            status text NOT NULL,
            due date,
            submitted_at timestamptz,
            unit_id text NOT NULL,
            meeting_id text NOT NULL,
            directive_id text NOT NULL,
            task_id text NOT NULL,
            version integer NOT NULL,
            cooperator_unit_ids text[] NOT NULL,
            submitted_on date GENERATED ALWAYS AS ((submitted_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date) STORED,
            assigned_month date GENERATED ALWAYS AS
                (date_trunc('month', assigned_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date) STORED
        ) PARTITION BY LIST (status)
        """
    )
    op.execute(
        "CREATE TABLE register.standing_open PARTITION OF register.standing "
        "FOR VALUES IN ('not_started', 'in_progress', 'submitted') "
        "WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 1000)"
    )
    op.execute(
        "CREATE TABLE register.standing_ended PARTITION OF register.standing "
        "FOR VALUES IN ('done', 'cancelled') WITH (parallel_workers = 2)"
    )
    for table in ("standing_open", "standing_ended"):
        op.create_index(f"{table}_by_task", table, ["task_id"], schema="register", unique=True)
        op.create_index(f"{table}_by_sequence", table, ["assigned_sequence"], schema="register", unique=True)
        op.create_index(f"{table}_by_meeting", table, ["meeting_id"], schema="register")
    op.create_index("standing_by_unit", "standing_ended", ["unit_id", "assigned_sequence"], schema="register")
    op.create_index(
        "standing_by_cooperator", "standing_ended", ["cooperator_unit_ids"], schema="register", postgresql_using="gin"
    )


def _verifications() -> None:
    """What verifications of the record found."""
    op.execute("CREATE SCHEMA record")
    op.create_table(
        "verification",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("compared", sa.BigInteger, nullable=False),
        sa.Column("events", sa.BigInteger, nullable=False),
        sa.Column("findings", JSONB, nullable=False),
        sa.Column("result", JSONB),
        sa.Column("failed", sa.Text),
        schema="record",
    )
    op.execute("GRANT USAGE ON SCHEMA record TO ketluan_tasks")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON record.verification TO ketluan_tasks")


def downgrade() -> None:
    """Refuses: a step back would destroy the checkpoints that were signed, and make the leaves others than they say."""
    raise RuntimeError("checkpoints are never dropped; restore a backup instead")
