"""What every letter of ours has in common: who sends it, to whom, and that no person wrote it."""

import datetime as dt
from email.utils import format_datetime, formataddr

from pydantic import TypeAdapter, ValidationError

from services.notify.channels.channel import Unreachable
from shared.mail_address import MailAddress

Headers = tuple[tuple[str, str], ...]

_ADDRESS: TypeAdapter[str] = TypeAdapter(MailAddress)
_SENDER = "Ket luan"


def domain_of(mail_from: str) -> str:
    """The domain by which our messages and lists are named."""
    return mail_from.rpartition("@")[2] or "localhost"


def reference_of(message_id: str, mail_from: str) -> str:
    """The Message-ID of a message. Source: RFC 5322, section 3.6.4."""
    return f"<{message_id}@{domain_of(mail_from)}>"


def begun(mail_from: str, address: str, reference: str, subject: str, at: dt.datetime) -> Headers:
    """The headers with which every letter begins.

    Automatic answers to it are not wanted, by the standard (RFC 3834) and as Exchange understands it. It says nothing
    of `Precedence`: that header was never a standard, and filters take bulk for spam.

    Raises:
        Unreachable: the address cannot stand in a message.
    """
    try:
        to = _ADDRESS.validate_python(address)
    except ValidationError:
        raise Unreachable("the address cannot stand in a message") from None
    return (
        ("Message-ID", reference),
        ("Date", format_datetime(at)),
        ("From", formataddr((_SENDER, mail_from))),
        ("To", to),
        ("Subject", " ".join(subject.split())),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "OOF, AutoReply"),
        ("MIME-Version", "1.0"),
    )
