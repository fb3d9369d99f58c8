"""What holds for whoever chose nothing: one table."""

from collections.abc import Mapping
from typing import Literal

from shared.events.fields import Channel
from shared.events.preferences import Category, Timing

Default = Timing | Literal["urgent"] | None
"""Urgent: at once what is urgent, and nothing else. Digest: what is routine waits for the daily digest, the rest comes
at once. None: not by this channel."""

# fmt: off
DEFAULTS: Mapping[Category, Mapping[Channel, Default]] = {
    #                      inbox              mail                chat              push
    "assignment": {"inbox": "at_once", "mail": "at_once", "chat": "urgent", "push": "urgent"},
    "change":     {"inbox": "at_once", "mail": "digest",  "chat": "urgent", "push": "urgent"},
    "decision":   {"inbox": "at_once", "mail": "at_once", "chat": "urgent", "push": "urgent"},
    "progress":   {"inbox": "at_once", "mail": "digest",  "chat": None,     "push": None},
    "reminder":   {"inbox": "at_once", "mail": "at_once", "chat": "urgent", "push": "urgent"},
    "escalation": {"inbox": "at_once", "mail": "at_once", "chat": "urgent", "push": "urgent"},
    "record":     {"inbox": "at_once", "mail": "at_once", "chat": None,     "push": None},
}
# fmt: on
"""How each category comes by each channel. Chat and push reach into people's own hours, so they bring nothing that can
wait unless their person wants it."""
