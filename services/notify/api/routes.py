"""All routes of notify but those by which people sign in."""

from fastapi import FastAPI, Request, Response

from services.notify.api import (
    bounces,
    contacts,
    deadlines,
    deliveries,
    explain,
    floors,
    inbox,
    notifications,
    preferences,
    push,
    reminders,
    told,
    unsubscribing,
    watches,
    webhooks,
)
from shared.database import DatabaseUnavailable
from shared.problems import DATABASE_AWAY, Unavailable

_TOPICS = (
    inbox,
    notifications,
    explain,
    deliveries,
    contacts,
    push,
    webhooks,
    preferences,
    floors,
    watches,
    deadlines,
    reminders,
    told,
    bounces,
    unsubscribing,
)


def install(app: FastAPI) -> None:
    """Adds the routes, and the answer for when the database is away."""
    for topic in _TOPICS:
        app.include_router(topic.router)

    async def away(request: Request, error: Exception) -> Response:
        return Unavailable(DATABASE_AWAY).answer(request)

    app.add_exception_handler(DatabaseUnavailable, away)
