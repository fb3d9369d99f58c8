"""Adds the pages of the record."""

from fastapi import FastAPI

from services.tasks.pages.record import event, log


def install(app: FastAPI) -> None:
    """Adds their routes."""
    for area in (log, event):
        app.include_router(area.router)
