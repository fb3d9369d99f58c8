"""Endpoints, their secrets, and what was posted to them.

Addresses and secrets are given by people and kept here alone; everything else is made anew from the log.
"""

from sqlalchemy import ARRAY, BigInteger, Column, DateTime, Integer, LargeBinary, Table, Text

from services.notify.tables import metadata

webhook = Table(
    "webhook",
    metadata,
    Column("webhook_id", Text, primary_key=True),
    Column("url", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("event_types", ARRAY(Text), nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("state", Text, nullable=False),
    Column("sequence", BigInteger),
    Column("disabled_reason", Text),
    Column("changed_at", DateTime(timezone=True)),
    Column("resting_until", DateTime(timezone=True)),
    Column("leased_until", DateTime(timezone=True)),
)
"""`registering` until the log says so, then `enabled` or `disabled`. `sequence` is the place of the registration in the
log: nothing before it is posted. No types mean all. While it rests or somebody has leased it, nothing is sent."""

webhook_secret = Table(
    "webhook_secret",
    metadata,
    Column("webhook_id", Text, primary_key=True),
    Column("event_id", Text, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("sequence", BigInteger),
    Column("until", DateTime(timezone=True)),
)
"""What signs, from the event at `sequence` on that brought it in (None: it is not in the log yet) until `until`."""

webhook_delivery = Table(
    "webhook_delivery",
    metadata,
    Column("webhook_id", Text, primary_key=True),
    Column("event_id", Text, primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("type", Text, nullable=False),
    Column("correlation_id", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", DateTime(timezone=True), nullable=False),
    Column("settled_at", DateTime(timezone=True)),
    Column("status", Integer),
    Column("error", Text),
)
"""`pending`: to be posted; `settled`: taken (then there is no error) or given up, which the log does not say yet;
`delivered`, `failed`: it does. `round` counts how often a replay was asked for."""
