"""Whom and what this copy of the service knows by now, for pages that call them by their names."""

from fastapi import Request

from shared.directory.directory import Directory
from shared.identity.gate import Gate
from shared.identity.live import LiveIdentity


def identity_of(request: Request) -> LiveIdentity:
    """Who is who, as the log tells it."""
    gate: Gate = request.app.state.gate
    return gate.identity


def directory_of(request: Request) -> Directory:
    """The directory as it is known here; a change that was made elsewhere comes a moment later."""
    return identity_of(request).known.directory


def programs_of(request: Request) -> dict[str, str]:
    """The names of programs, by how events name them."""
    return {f"client.{client.id}": client.name for client in identity_of(request).known.clients.values()}
