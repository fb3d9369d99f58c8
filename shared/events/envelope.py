"""The form in which every event stands in the log: a CloudEvents 1.0 JSON object."""

import datetime as dt
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


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
