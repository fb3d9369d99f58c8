"""Adds the pages of the record."""

from fastapi import FastAPI

from services.tasks.pages.record import board, event, log, meeting, task


def install(app: FastAPI) -> None:
    """Adds their routes."""
    for area in (log, event, task, meeting, board):
        app.include_router(area.router)
