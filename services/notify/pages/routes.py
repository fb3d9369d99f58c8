"""All pages of notify, and the files that they need."""

from pathlib import Path

from fastapi import FastAPI

from services.notify.pages import (
    deliveries,
    explain,
    floors,
    inbox,
    preferences,
    reaching,
    reminders,
    told,
    watches,
    webhooks,
)
from services.notify.pages.said import SAID
from shared.web import assets
from shared.web import pages as frame
from shared.web.pages import Pages

_AREAS = (inbox, explain, watches, preferences, reaching, floors, deliveries, reminders, webhooks, told)


def install(app: FastAPI, zone: str) -> None:
    """Adds the pages, and has refusals and faults shown as pages too. `zone` is an IANA name."""
    frame.install(app, Pages(zone, [Path(__file__).parent / "templates"], SAID))
    for area in _AREAS:
        app.include_router(area.router)
    assets.install(app)
