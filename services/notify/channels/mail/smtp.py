"""Handing letters to the mail server, and what it answered."""

import asyncio
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import aiosmtplib

from services.notify.channels.channel import NotTaken, ProviderAway, Refused
from services.notify.settings import NotifySettings

_STEP_SECONDS = 20.0
_IDLE_SECONDS = 2.0
_LEAVE_SECONDS = 1.0
_CLOSING = 421
_PERMANENT = range(500, 600)
_ENHANCED_CODE = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")


class _SenderRefused(ProviderAway):
    """The server takes nothing from this sender; it has taken nothing of the letter either."""


@dataclass(eq=False)
class _Connection:
    """A connection to the mail server, which is left when nothing is to be sent for a while."""

    server: aiosmtplib.SMTP
    departure: asyncio.TimerHandle | None = None

    async def leave(self) -> None:
        """Takes leave, however the server takes it."""
        with suppress(aiosmtplib.SMTPException, OSError):
            await self.server.quit(timeout=_LEAVE_SECONDS)
        self.server.close()


@dataclass(frozen=True)
class Mailer:
    """Hands letters to the mail server that the settings name.

    A connection stays open for the next letter: to make one takes longer than to hand a letter over.
    """

    settings: NotifySettings
    _idle: list[_Connection] = field(default_factory=list)
    _leaving: "set[asyncio.Task[None]]" = field(default_factory=set)

    async def send(self, address: str, letter: bytes, envelope_id: str | None = None) -> None:
        """Hands a letter for an address to the mail server. One that can is told to name `envelope_id` when the letter
        comes back.

        What is raised names the server's codes and never its words, which may hold the address.

        Raises:
            Refused: it will never be taken.
            NotTaken: it was not taken now, or not within the time for it.
            ProviderAway: the mail server takes nothing at the moment.

        Source: RFC 5321, section 4.2; RFC 3461, section 4.4 (ENVID).
        """
        try:
            async with asyncio.timeout(self.settings.mail_seconds):
                if kept := self._kept():
                    # A server may have had enough of a connection, such as after a number of letters.
                    with suppress(_SenderRefused):
                        await self._send(kept, address, letter, envelope_id)
                        return
                await self._send(await self._connected(), address, letter, envelope_id)
        except TimeoutError:
            raise NotTaken("the mail server does not come to an end") from None

    async def _send(self, connection: _Connection, address: str, letter: bytes, envelope_id: str | None) -> None:
        server = connection.server
        known_as = envelope_id and server.supports_extension("dsn")
        options = [f"ENVID={envelope_id}", "RET=HDRS"] if known_as else []
        try:
            await _taken(server, self.settings.mail_bounces or self.settings.mail_from, address, letter, options)
        except BaseException:
            server.close()
            raise
        connection.departure = asyncio.get_running_loop().call_later(_IDLE_SECONDS, self._depart, connection)
        self._idle.append(connection)

    def _kept(self) -> _Connection | None:
        while self._idle:
            connection = self._idle.pop()
            if connection.departure:
                connection.departure.cancel()
            if connection.server.is_connected:
                return connection
            connection.server.close()
        return None

    def _depart(self, connection: _Connection) -> None:
        self._idle.remove(connection)
        leaving = asyncio.create_task(connection.leave())
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)

    async def _connected(self) -> _Connection:
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
            await server.connect()
        except aiosmtplib.SMTPAuthenticationError as error:
            raise ProviderAway(f"the mail server does not know this sender: {error.code}") from None
        except aiosmtplib.SMTPResponseException as error:
            raise ProviderAway(f"the mail server takes nothing now: {error.code}") from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise ProviderAway(f"the mail server does not answer: {type(error).__name__}") from None
        return _Connection(server)


async def _taken(server: aiosmtplib.SMTP, sender: str, address: str, letter: bytes, options: Sequence[str]) -> None:
    try:
        await server.sendmail(sender, address, letter, mail_options=options)
    except aiosmtplib.SMTPRecipientsRefused as refused:
        raise _answered(refused.recipients[0]) from None
    except aiosmtplib.SMTPSenderRefused as error:
        raise _SenderRefused(f"the mail server takes nothing from this sender: {error.code}") from None
    except aiosmtplib.SMTPResponseException as error:
        raise _answered(error) from None
    except (aiosmtplib.SMTPException, OSError) as error:
        raise NotTaken(f"the mail server broke off: {type(error).__name__}") from None


def _answered(error: aiosmtplib.SMTPResponseException) -> Refused | NotTaken:
    enhanced = _ENHANCED_CODE.search(error.message)
    codes = f"{error.code} {enhanced.group()}" if enhanced else str(error.code)
    if error.code in _PERMANENT:
        return Refused(f"the mail server refuses the message: {codes}")
    if error.code == _CLOSING:
        return ProviderAway(f"the mail server takes nothing now: {codes}")
    return NotTaken(f"the mail server wants it later: {codes}")
