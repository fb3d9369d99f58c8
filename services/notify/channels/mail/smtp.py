"""Handing letters to the mail server, and what it answered."""

import asyncio
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage

import aiosmtplib

from services.notify.channels.channel import NotTaken, ProviderAway, Refused
from services.notify.settings import NotifySettings

LONGEST_SENDING_SECONDS = 60.0
"""Time for one letter, whatever the mail server does with it; whoever sends again has to wait for longer."""

_STEP_SECONDS = 20.0
_LEAVE_SECONDS = 1.0
_CLOSING = 421
_PERMANENT = range(500, 600)
_ENHANCED_CODE = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")


@dataclass(frozen=True)
class Mailer:
    """Hands letters to the mail server that the settings name."""

    settings: NotifySettings
    longest_sending_seconds: float = LONGEST_SENDING_SECONDS

    async def send(self, letter: EmailMessage, envelope_id: str | None = None) -> None:
        """Hands a letter to the mail server. A server that can is told to name `envelope_id` when it comes back.

        What is raised names the server's codes and never its words, which may hold the address.

        Raises:
            Refused: it will never be taken.
            NotTaken: it was not taken now, or not within the time for it.
            ProviderAway: the mail server takes nothing at the moment.

        Source: RFC 5321, section 4.2; RFC 3461, section 4.4 (ENVID).
        """
        settings = self.settings
        server = aiosmtplib.SMTP(
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            username=settings.smtp_user or None,
            password=settings.smtp_password.get_secret_value() or None,
            use_tls=settings.smtp_security == "tls",
            start_tls=settings.smtp_security == "starttls",
            timeout=_STEP_SECONDS,
        )
        try:
            async with asyncio.timeout(self.longest_sending_seconds):
                await _connected(server)
                known_as = envelope_id and server.supports_extension("dsn")
                options = [f"ENVID={envelope_id}", "RET=HDRS"] if known_as else []
                await _taken(server, letter, settings.mail_bounces or settings.mail_from, options)
        except TimeoutError:
            server.close()
            raise NotTaken("the mail server does not come to an end") from None
        except (NotTaken, Refused):
            server.close()
            raise
        # What went out went out, however the server takes its leave.
        with suppress(aiosmtplib.SMTPException, OSError):
            await server.quit(timeout=_LEAVE_SECONDS)
        server.close()


async def _taken(server: aiosmtplib.SMTP, letter: EmailMessage, sender: str, options: Sequence[str]) -> None:
    try:
        await server.send_message(letter, sender=sender, mail_options=options)
    except aiosmtplib.SMTPRecipientsRefused as refused:
        raise _answered(refused.recipients[0]) from None
    except aiosmtplib.SMTPSenderRefused as error:
        raise ProviderAway(f"the mail server takes nothing from this sender: {error.code}") from None
    except aiosmtplib.SMTPResponseException as error:
        raise _answered(error) from None
    except (aiosmtplib.SMTPException, OSError) as error:
        raise NotTaken(f"the mail server broke off: {type(error).__name__}") from None


async def _connected(server: aiosmtplib.SMTP) -> None:
    try:
        await server.connect()
    except aiosmtplib.SMTPAuthenticationError as error:
        raise ProviderAway(f"the mail server does not know this sender: {error.code}") from None
    except aiosmtplib.SMTPResponseException as error:
        raise ProviderAway(f"the mail server takes nothing now: {error.code}") from None
    except (aiosmtplib.SMTPException, OSError) as error:
        raise ProviderAway(f"the mail server does not answer: {type(error).__name__}") from None


def _answered(error: aiosmtplib.SMTPResponseException) -> Refused | NotTaken:
    enhanced = _ENHANCED_CODE.search(error.message)
    codes = f"{error.code} {enhanced.group()}" if enhanced else str(error.code)
    if error.code in _PERMANENT:
        return Refused(f"the mail server refuses the message: {codes}")
    if error.code == _CLOSING:
        return ProviderAway(f"the mail server takes nothing now: {codes}")
    return NotTaken(f"the mail server wants it later: {codes}")
