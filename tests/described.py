"""What the services describe of themselves, as schemathesis reads it, mail included."""

from typing import Any

import schemathesis
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation

from tests.identity import signed


@schemathesis.serializer("message/rfc822")
def as_it_is(context: schemathesis.SerializationContext, value: Any) -> bytes:
    """A mail is posted as the characters that it is."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


def operations(url: str, service: str) -> "list[APIOperation[Any, Any, Any, Any]]":
    """Every operation that a service describes at this address."""
    schema = schemathesis.openapi.from_url(f"{url}/{service}/openapi.json", headers=signed())
    return [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
