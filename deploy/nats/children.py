"""What goes over from a child's account to its parent's: the child's summary, under the child's name, and nothing else.

Source: https://docs.nats.io/running-a-nats-service/configuration/securing_nats/accounts
"""

from collections.abc import Mapping
from typing import Any

from shared.log.children import SHARED, child_subject


def exports_to_parent(parent: str) -> list[dict[str, Any]]:
    """What a child's account lets its parent's alone hear. `parent` is the name of that account."""
    return [{"stream": SHARED, "accounts": [parent]}]


def imports_of_children(accounts: Mapping[str, str]) -> list[dict[str, Any]]:
    """The same from the parent's side: each child's account by the child's id."""
    return [
        {"stream": {"account": account, "subject": SHARED}, "to": child_subject(child)}
        for child, account in sorted(accounts.items())
    ]
