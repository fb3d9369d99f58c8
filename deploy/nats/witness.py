"""The account that keeps a copy of each organisation's log where nobody of the organisation can reach it.

The copy is a mirror: the server itself reads the log through a consumer, and keeps each event at its own sequence. What
goes over from one account to the other is that consumer, its deliveries and their flow control, and nothing else.

Source: https://docs.nats.io/nats-concepts/jetstream/source_and_mirror, ADR-30, ADR-56
"""

from collections.abc import Iterable
from typing import Any

from deploy.nats.permissions import User, reading
from shared.log.stream import STREAM
from shared.log.witness import api_prefix, delivery_prefix, witness_stream

OWNER = "witness"
"""The user that makes the copies."""


_FLOW_CONTROL = (f"$JS.FC.{STREAM}.>", f"$JS.FC.*.*.{STREAM}.>")
"""In both forms that a server may use: without and with domain and account."""


def reader(organisation: str) -> str:
    """The user that compares the copy of one organisation's log, and sees no other."""
    return f"witness-{organisation}"


def witness_users(organisations: Iterable[str]) -> tuple[User, ...]:
    """Who may connect to the WITNESS, and what for. Nobody may write, change or delete there."""
    known = tuple(organisations)
    made = tuple(
        f"$JS.API.STREAM.{what}.{witness_stream(organisation)}" for organisation in known for what in ("INFO", "CREATE")
    )
    readers = (User(reader(organisation), reading(witness_stream(organisation))) for organisation in known)
    return (User(OWNER, made), *readers)


def exports_to_witness(organisation: str) -> list[dict[str, Any]]:
    """What an organisation's account lets the WITNESS alone reach."""
    return [
        {"service": f"$JS.API.CONSUMER.CREATE.{STREAM}", "response": "singleton", "accounts": ["WITNESS"]},
        *[{"service": subject, "accounts": ["WITNESS"]} for subject in _FLOW_CONTROL],
        {"stream": f"{delivery_prefix(organisation)}.>", "accounts": ["WITNESS"]},
    ]


def imports_of_witness(organisation: str, account: str) -> list[dict[str, Any]]:
    """The same from the other side."""
    api = f"{api_prefix(organisation)}.CONSUMER.CREATE.{STREAM}"
    return [
        {"service": {"account": account, "subject": f"$JS.API.CONSUMER.CREATE.{STREAM}"}, "to": api},
        *[{"service": {"account": account, "subject": subject}} for subject in _FLOW_CONTROL],
        {"stream": {"account": account, "subject": f"{delivery_prefix(organisation)}.>"}},
    ]
