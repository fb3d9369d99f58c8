"""Where Alembic meets the connection that `deploy.migrations.run` opened."""

from alembic import context
from sqlalchemy.engine import Connection


def upgrade(connection: Connection) -> None:
    """Runs the steps that are missing, all in the caller's transaction."""
    context.configure(connection=connection, target_metadata=None, transaction_per_migration=False)
    with context.begin_transaction():
        context.run_migrations()


upgrade(context.config.attributes["connection"])
