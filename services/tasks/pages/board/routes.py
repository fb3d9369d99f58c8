"""Puts the pages of the board together."""

from fastapi import FastAPI

from services.tasks.pages.board import listing, overview
from services.tasks.register.trend import Trend


def install(app: FastAPI) -> None:
    """Adds the routes, and what keeps the figures of past months."""
    app.state.trend = Trend()
    app.include_router(overview.router)
    app.include_router(listing.router)
