"""What periods brought: work by the day on which it was assigned, and on which its result was handed in."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the indexes; open work is so little that it needs none."""
    op.execute(
        "CREATE INDEX standing_ended_by_done ON register.standing_ended (submitted_on) "
        "INCLUDE (status, is_series, due, unit_id)"
    )
    op.execute(
        "CREATE INDEX standing_ended_by_assigned ON register.standing_ended (assigned_at) "
        "INCLUDE (status, is_series, assigned_month, unit_id)"
    )


def downgrade() -> None:
    """Takes them away."""
    op.execute("DROP INDEX register.standing_ended_by_assigned")
    op.execute("DROP INDEX register.standing_ended_by_done")
