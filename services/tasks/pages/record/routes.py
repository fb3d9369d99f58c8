"""Adds the pages of the record."""

from fastapi import FastAPI

from services.tasks.pages.record import board, checkpoints, event, evidence, log, meeting, task, verification


def install(app: FastAPI) -> None:
    """Adds their routes."""
    for area in (log, event, task, meeting, board, verification, checkpoints, evidence):
        app.include_router(area.router)
