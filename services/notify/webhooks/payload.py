"""What is posted of an event: its envelope with ids alone. Pure.

Words of a notice, reasons, notes and names stay here; whoever may read them follows `dataref`.
"""

from collections.abc import Mapping
from typing import Any, get_args

from pydantic_core import to_json

from shared.events.envelope import Envelope
from shared.events.meeting import MeetingEvent
from shared.events.task import TaskEvent

MEDIA_TYPE = "application/cloudevents+json"

POSTABLE: Mapping[str, type] = {
    each.type.split(".")[1]: each for each in (*get_args(MeetingEvent), *get_args(TaskEvent))
}
"""The events that may be posted, by the name under which an endpoint chooses them."""

_KINDS = tuple(POSTABLE.values())


def postable(data: object) -> str | None:
    """The name of an event under which endpoints choose it; None for what is never posted."""
    return type(data).type.split(".")[1] if isinstance(data, _KINDS) else None  # type: ignore[attr-defined]


def payload(envelope: Envelope, sequence: int, public_url: str) -> bytes:
    """The body of the message: always below 20 kB.

    `data` holds the event's ids and its place in the log, behind which `/v1/events?after=` goes on. `timestamp` is what
    Standard Webhooks calls the time of the event.

    Source: CloudEvents 1.0.2 and its extension `dataref`; Standard Webhooks, "Payload structure".
    """
    at = envelope.at().isoformat().replace("+00:00", "Z")
    kind, _, owner = envelope.subject.partition(".")
    return to_json(
        {
            "specversion": "1.0",
            "id": envelope.id,
            "source": envelope.source,
            "type": envelope.type,
            "subject": envelope.subject,
            "time": at,
            "timestamp": at,
            "datacontenttype": "application/json",
            "dataref": f"{public_url}/v1/{kind}s/{owner}",
            "actor": envelope.actor,
            "correlationid": envelope.correlationid,
            "causationid": envelope.causationid,
            "aggregateversion": envelope.aggregateversion,
            "data": {"sequence": sequence, **_ids(envelope.data)},
        }
    )


def trial_payload(webhook_id: str, message_id: str, at: str) -> bytes:
    """The body of a message that only tries whether an endpoint answers."""
    return to_json(
        {
            "specversion": "1.0",
            "id": message_id,
            "source": "/ketluan/notify",
            "type": "ketluan.WebhookTrial.v1",
            "subject": f"webhook.{webhook_id}",
            "time": at,
            "timestamp": at,
            "datacontenttype": "application/json",
            "data": {"webhook_id": webhook_id},
        }
    )


def _ids(data: Mapping[str, Any]) -> dict[str, str]:
    found = {name: value for name, value in data.items() if name.endswith("_id") and isinstance(value, str)}
    unit = data.get("unit")
    if isinstance(unit, dict) and isinstance(unit.get("id"), str):
        found["unit_id"] = unit["id"]
    return found
