"""What every letter of ours has in common: who sends it, to whom, and that no person wrote it."""

import datetime as dt
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from services.notify.channels.channel import Unreachable

UNFOLDED = SMTP.clone(max_line_length=998)
"""Headers on one line each, as long as RFC 5322 allows: where Python folds an encoded subject, it loses spaces."""


def domain_of(mail_from: str) -> str:
    """The domain by which our messages and lists are named."""
    return Address(addr_spec=mail_from).domain or "localhost"


def reference_of(message_id: str, mail_from: str) -> str:
    """The Message-ID of a message. Source: RFC 5322, section 3.6.4."""
    return f"<{message_id}@{domain_of(mail_from)}>"


def begun(mail_from: str, address: str, reference: str, subject: str, at: dt.datetime) -> EmailMessage:
    """A letter that has everything but its contents.

    Automatic answers to it are not wanted, by the standard (RFC 3834) and as Exchange understands it. It says nothing
    of `Precedence`: that header was never a standard, and filters take bulk for spam.

    Raises:
        Refused: the address cannot stand in a message.
    """
    sender = Address(addr_spec=mail_from)
    letter = EmailMessage(policy=UNFOLDED)
    letter["Message-ID"] = reference
    letter["Date"] = at
    letter["From"] = Address("Ket luan", sender.username, sender.domain)
    letter["To"] = _addressee(address)
    letter["Subject"] = " ".join(subject.split())
    letter["Auto-Submitted"] = "auto-generated"
    letter["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    return letter


def _addressee(address: str) -> Address:
    try:
        return Address(addr_spec=address)
    except (MessageError, ValueError, IndexError):
        raise Unreachable("the address cannot stand in a message") from None
