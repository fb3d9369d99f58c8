"""What every service's description says besides its routes: who may ask, and how refusals and faults read."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from shared.problems import MEDIA_TYPE


class FieldDetails(BaseModel):
    """What is wrong with one field."""

    pointer: str
    code: str
    detail: str


class ProblemDetails(BaseModel):
    """Why the request was refused and how to mend it (RFC 9457)."""

    type: str
    title: str
    status: int
    code: str
    detail: str | None = None
    errors: list[FieldDetails] | None = None


def documented(app: FastAPI) -> None:
    """Describes in the application's OpenAPI how one proves who one is, and the error answers as they are."""
    generated = app.openapi

    def openapi() -> dict[str, Any]:
        description = generated()
        schemas = description.setdefault("components", {}).setdefault("schemas", {})
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        _, definitions = models_json_schema(
            [(ProblemDetails, "serialization")], ref_template="#/components/schemas/{model}"
        )
        schemas |= definitions["$defs"]
        description["components"]["securitySchemes"] = {
            "bearer": {"type": "http", "scheme": "bearer", "description": "an API key, or a token of /oauth/token"}
        }
        description["security"] = [{"bearer": []}]
        content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}}
        for path, operation in ((p, o) for p, operations in description["paths"].items() for o in operations.values()):
            operation["responses"].setdefault("503", {"description": "A part of the system does not answer"})
            operation["responses"].setdefault("401", {"description": "It is not known who asks"})
            operation["responses"].setdefault("403", {"description": "Whoever asks may not do this"})
            if "{" in path:
                operation["responses"].setdefault("404", {"description": "There is nothing at this address"})
            for status, answer in operation["responses"].items():
                if int(status) >= HTTPStatus.BAD_REQUEST:
                    answer["content"] = content
        return description

    app.openapi = openapi  # type: ignore[method-assign]
