"""Ports on this machine."""

import random
import socket
from collections.abc import Iterator

from deploy.embedded.refusal import PORT_TAKEN, CannotStart

HOST = "127.0.0.1"

_OUTSIDE_EPHEMERAL = range(15_000, 32_000)
"""Ports that the system gives to no outgoing connection: a client that dials a dead server again and again can
otherwise be given that very port, and be connected to itself."""


def check_free(port: int) -> None:
    """Raises CannotStart when something listens on the port."""
    if not _is_free(port):
        raise CannotStart(PORT_TAKEN, port=port)


def free_ports() -> Iterator[int]:
    """Ports that nobody listens on, each once."""
    for port in random.SystemRandom().sample(_OUTSIDE_EPHEMERAL, len(_OUTSIDE_EPHEMERAL)):
        if _is_free(port):
            yield port


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
