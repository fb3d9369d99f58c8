"""Where verifications are kept, so that every copy of the service tells the same."""

from sqlalchemy import BigInteger, Column, DateTime, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

SCHEMA = "record"
metadata = MetaData(schema=SCHEMA)

verification = Table(
    "verification",
    metadata,
    Column("id", Text, primary_key=True),
    Column("origin", Text, nullable=False),
    Column("began_at", DateTime(timezone=True), nullable=False),
    Column("heard_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("compared", BigInteger, nullable=False),
    Column("events", BigInteger, nullable=False),
    Column("findings", JSONB, nullable=False),
    Column("result", JSONB),
    Column("failed", Text),
)
"""One row a verification: continuous, asked for over HTTP, or by the command line."""
