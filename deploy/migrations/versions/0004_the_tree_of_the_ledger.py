"""The ledger's tree, its checkpoints, and the register's pasts."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds them."""
    _the_tree()
    _words_behind()


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


def downgrade() -> None:
    """Takes them away."""
