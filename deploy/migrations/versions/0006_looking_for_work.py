"""Where people look for work: what waits for a decision, and notices by the words of their numbers and titles."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_WORDS = r"""to_tsvector('simple', regexp_replace(lower(translate(regexp_replace(normalize(
    coalesce(number, '') || ' ' || title, NFKD), '[\u0300-\u036f]', '', 'g'), 'Đđ', 'dd')), '[^a-z0-9]+', ' ', 'g'))"""


def upgrade() -> None:
    """Adds the indexes."""
    op.execute(
        "CREATE INDEX task_that_waits ON register.task (id) WHERE status = 'submitted' OR pending_until IS NOT NULL"
    )
    op.execute(f"CREATE INDEX meeting_by_words ON register.meeting USING gin ({_WORDS})")


def downgrade() -> None:
    """Takes them away."""
    op.execute("DROP INDEX register.meeting_by_words")
    op.execute("DROP INDEX register.task_that_waits")
