"""A mail server as notify meets it: it takes, refuses, or takes its time."""

import asyncio
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.smtp import SMTP, Envelope, Session


class Mailbox:
    """A mail server that answers as told, and keeps what it took."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.answers: list[str] = []
        self.offered: list[EmailMessage] = []
        self.taken: list[tuple[list[str], EmailMessage]] = []
        self.refused_people: str | None = None
        self.seconds_to_answer = 0.0
        self.never: str | None = None

    async def handle_RCPT(  # noqa: N802 - aiosmtpd finds its hooks by these names
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Takes an addressee, or refuses."""
        if self.refused_people:
            return self.refused_people.format(address=address)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        """Takes a message, or answers what it was told to answer next."""
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=default)
        self.offered.append(message)
        if self.never and self.never in str(message["Message-ID"]):
            return "451 4.3.0 not this one"
        if self.answers:
            return self.answers.pop(0)
        self.taken.append((list(envelope.rcpt_tos), message))
        await asyncio.sleep(self.seconds_to_answer)
        return "250 OK"
