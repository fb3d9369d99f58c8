"""Mail: one message for each notification, the same however often it is made, and what the mail server answered."""

import asyncio
import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from uuid import uuid4

import aiosmtplib
from jinja2 import Environment, PackageLoader, StrictUndefined

from services.notify.inbox import InboxItem
from services.notify.settings import NotifySettings
from shared.identity.tokens import Link
from shared.vocabulary import REASONS

TEMPLATE = "notification.v1"
"""Name and version of the wording, kept in the event of each delivery."""

LONGEST_SENDING_SECONDS = 60.0
"""Time for one letter, whatever the mail server does with it; whoever sends again has to wait for longer."""

_STEP_SECONDS = 20.0
_PERMANENT = range(500, 600)
_ENHANCED_CODE = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")

_UNFOLDED = SMTP.clone(max_line_length=998)
"""Headers on one line each, as long as RFC 5322 allows: where Python folds an encoded subject, it loses spaces."""

_templates = Environment(
    loader=PackageLoader("services.notify.channels", package_path="."),
    autoescape=lambda name: bool(name and ".html" in name),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


class MailRefused(Exception):
    """This message can never be sent: its address is none, or the mail server refuses it for good. The inbox still
    holds the notification."""


class MailNotTaken(Exception):
    """The mail server did not take the message this time. Sending it again later is right."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message ready to be sent. `sha256` is of its text, `reference` its Message-ID."""

    message: EmailMessage
    sha256: str
    reference: str


@dataclass(frozen=True)
class Mailer:
    """Writes letters and hands them to the mail server that the settings name."""

    settings: NotifySettings
    longest_sending_seconds: float = LONGEST_SENDING_SECONDS

    def letter(self, item: InboxItem, address: str, at: dt.datetime) -> Letter:
        """The letter for one notification. Its Message-ID comes from the notification alone.

        Hence a mailbox that receives it twice, since this process died between sending and saying so, can tell that
        both are one. Sources: RFC 5322 (Message-ID), RFC 3834 (Auto-Submitted).

        Raises:
            MailRefused: the address cannot stand in a message.
        """
        values = {
            "item": item,
            "public_url": self.settings.public_url.rstrip("/"),
            "reasons": {reason: words.vi for reason, words in REASONS.items()},
        }
        text = _templates.get_template("notification.txt.j2").render(values)
        sender = Address(addr_spec=self.settings.mail_from)
        reference = f"<{item.notification_id}@{sender.domain or 'localhost'}>"
        message = EmailMessage(policy=_UNFOLDED)
        message["Message-ID"] = reference
        message["Date"] = at
        message["From"] = Address("Ket luan", sender.username, sender.domain)
        message["To"] = _addressee(address)
        message["Subject"] = _subject(item)
        message["Auto-Submitted"] = "auto-generated"
        message["X-Ketluan-Reason"] = ", ".join(item.reasons)
        message.set_content(text)
        message.add_alternative(_templates.get_template("notification.html.j2").render(values), subtype="html")
        return Letter(message, hashlib.sha256(text.encode()).hexdigest(), reference)

    def signin_letter(self, name: str, link: str, address: str, at: dt.datetime) -> Letter:
        """The letter that brings a person a link to sign in.

        Raises:
            MailRefused: the address cannot stand in a message.
        """
        values = {"name": name, "link": link, "minutes": Link.seconds // 60}
        text = _templates.get_template("signin.txt.j2").render(values)
        sender = Address(addr_spec=self.settings.mail_from)
        reference = f"<{uuid4()}@{sender.domain or 'localhost'}>"
        message = EmailMessage(policy=_UNFOLDED)
        message["Message-ID"] = reference
        message["Date"] = at
        message["From"] = Address("Ket luan", sender.username, sender.domain)
        message["To"] = _addressee(address)
        message["Subject"] = "Liên kết đăng nhập (link to sign in)"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        return Letter(message, hashlib.sha256(text.encode()).hexdigest(), reference)

    async def send(self, letter: Letter) -> None:
        """Hands a letter to the mail server.

        What is raised names the server's codes and never its words, which may hold the address.

        Raises:
            MailRefused: it will never be taken.
            MailNotTaken: it was not taken now, or not within the time for it.
        """
        try:
            async with asyncio.timeout(self.longest_sending_seconds):
                await self._hand_over(letter)
        except TimeoutError:
            raise MailNotTaken("the mail server does not come to an end") from None

    async def _hand_over(self, letter: Letter) -> None:
        settings = self.settings
        try:
            await aiosmtplib.send(
                letter.message,
                hostname=settings.smtp_host,
                port=settings.smtp_port,
                username=settings.smtp_user or None,
                password=settings.smtp_password.get_secret_value() or None,
                use_tls=settings.smtp_security == "tls",
                start_tls=settings.smtp_security == "starttls",
                timeout=_STEP_SECONDS,
            )
        except aiosmtplib.SMTPRecipientsRefused as refused:
            raise _answered(refused.recipients[0]) from None
        except aiosmtplib.SMTPAuthenticationError as error:
            raise MailNotTaken(f"the mail server does not know this sender: {error.code}") from None
        except aiosmtplib.SMTPResponseException as error:
            raise _answered(error) from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise MailNotTaken(f"the mail server does not answer: {type(error).__name__}") from None


def _addressee(address: str) -> Address:
    try:
        return Address(addr_spec=address)
    except (MessageError, ValueError, IndexError):
        raise MailRefused("the address cannot stand in a message") from None


def _answered(error: aiosmtplib.SMTPResponseException) -> MailRefused | MailNotTaken:
    enhanced = _ENHANCED_CODE.search(error.message)
    codes = f"{error.code} {enhanced.group()}" if enhanced else str(error.code)
    if error.code in _PERMANENT:
        return MailRefused(f"the mail server refuses the message: {codes}")
    return MailNotTaken(f"the mail server wants it later: {codes}")


def _subject(item: InboxItem) -> str:
    """The subject on one line, whatever white space the notice's number holds."""
    named = f"Thông báo kết luận {item.meeting.number or ''}".split()
    return f"{' '.join(named)}: {item.task_count} nhiệm vụ liên quan đến Anh/Chị"
