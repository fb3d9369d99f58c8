"""All of intake's routes in one application."""

from typing import Any

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from services.intake.api import amendments, conclusions, documents
from services.intake.conclusion import Conclusion


def install(app: FastAPI) -> None:
    """Adds the routes and describes the body in the application's OpenAPI."""
    for each in (conclusions, amendments, documents):
        app.include_router(each.router)
    generated = app.openapi

    def openapi() -> dict[str, Any]:
        description = generated()
        _, schemas = models_json_schema([(Conclusion, "validation")], ref_template="#/components/schemas/{model}")
        description["components"]["schemas"] |= schemas["$defs"]
        return description

    app.openapi = openapi  # type: ignore[method-assign]
