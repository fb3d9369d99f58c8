"""Routes of the directory's pages."""

from fastapi import FastAPI

from services.tasks.pages.directory import importing, people, units


def install(app: FastAPI) -> None:
    """Adds the routes."""
    for pages in (units, people, importing):
        app.include_router(pages.router)
