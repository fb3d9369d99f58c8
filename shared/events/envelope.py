"""The form in which every event stands in the log: a CloudEvents 1.0 JSON object."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic_core import to_json

from shared.events.fields import Fields


class Envelope(BaseModel):
    """CloudEvents 1.0, structured mode, with the extensions that ketluan needs.

    `subject` is the aggregate: the NATS subject without its first word. `causationid` is the event or the request
    that led to this one; `correlationid` is the request at the start of the chain. `aggregateversion` counts the
    aggregate's own events from 1.

    Source: CloudEvents 1.0.2, JSON format.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    specversion: Literal["1.0"] = "1.0"
    id: str = Field(min_length=1, max_length=200)
    source: str = Field(min_length=1, max_length=200)
    type: str = Field(min_length=1, max_length=200)
    subject: str = Field(min_length=1, max_length=200)
    time: AwareDatetime
    datacontenttype: Literal["application/json"] = "application/json"
    actor: str = Field(min_length=1, max_length=200)
    correlationid: str = Field(min_length=1, max_length=200)
    causationid: str = Field(min_length=1, max_length=200)
    aggregateversion: int = Field(ge=1)
    data: dict[str, Any]

    def at(self) -> dt.datetime:
        """When it happened, in UTC."""
        return self.time.astimezone(dt.UTC)


@dataclass(frozen=True, slots=True)
class Chain:
    """Who does something, in which request and when: what all events of one act have in common."""

    source: str
    actor: str
    correlation_id: str
    causation_id: str
    at: dt.datetime


def event_content(data: Fields, event_type: str, event_id: str, subject: str, chain: Chain, version: int = 1) -> bytes:
    """The bytes of an event, as `Envelope` reads them; without a version, of an aggregate's first.

    It builds no `Envelope`: `data` was validated when it was made, and a notice of thousands of tasks would be
    validated a second time.
    """
    return to_json(
        {
            "specversion": "1.0",
            "id": event_id,
            "source": chain.source,
            "type": event_type,
            "subject": subject,
            "time": chain.at,
            "datacontenttype": "application/json",
            "actor": chain.actor,
            "correlationid": chain.correlation_id,
            "causationid": chain.causation_id,
            "aggregateversion": version,
            "data": data,
        },
        exclude_none=True,
    )
