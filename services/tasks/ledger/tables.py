"""The ledger's table. The service's role may insert into it and read it, nothing else; triggers refuse the rest."""

from sqlalchemy import BigInteger, Column, DateTime, Index, LargeBinary, MetaData, Table, Text

SCHEMA = "ledger"
metadata = MetaData(schema=SCHEMA)

event = Table(
    "event",
    metadata,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("subject", Text, nullable=False),
    Column("stored_at", DateTime(timezone=True), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("leaf_hash", LargeBinary, nullable=False),
    Index("event_by_subject", "subject", "sequence"),
)
