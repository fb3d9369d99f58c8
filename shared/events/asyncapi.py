"""The log's description for outside readers, generated from the catalogue."""

import json
from typing import Any, Literal

from faststream.nats import NatsBroker
from faststream.specification import AsyncAPI
from pydantic import create_model

from shared.events.catalogue import CATALOGUE, EventData
from shared.events.envelope import Envelope


def asyncapi() -> dict[str, Any]:
    """AsyncAPI 3.0 as a JSON object: a channel for each type of event, on the subjects of its kind of aggregate."""
    broker = NatsBroker()
    for event_type, model in CATALOGUE.models.items():
        kind = model.__module__.rpartition(".")[2]
        broker.publisher(
            f"log.{kind}.*",
            title=event_type,
            description=(model.__doc__ or "").strip(),
            schema=_message(event_type, model),
        )
    specification = AsyncAPI(
        broker,
        title="ketluan: the log",
        version="1",
        description="Every event of ketluan in one order, each a CloudEvents 1.0 object in JSON (structured mode).",
    )
    found: dict[str, Any] = json.loads(specification.to_specification().to_json())
    return found


def _message(event_type: str, model: type[EventData]) -> type[Envelope]:
    """The envelope with the type and the data of one event."""
    name = f"{model.__name__}Event"
    return create_model(name, __base__=Envelope, type=(Literal[event_type], ...), data=(model, ...))  # type: ignore[arg-type]
