"""Routes of the pages."""

from fastapi import APIRouter, FastAPI

router = APIRouter(include_in_schema=False)


def install(app: FastAPI) -> None:
    """Adds the routes."""
    app.include_router(router)
