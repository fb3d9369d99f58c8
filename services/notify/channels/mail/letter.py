"""The letter for a message: the same however often it is made, filed with what its person heard of the matter before.

Sources: RFC 5322 (Message-ID, References), RFC 2919 (List-Id), RFC 2369 and RFC 8058 (List-Unsubscribe).
"""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage

from services.notify.channels.channel import Receipt
from services.notify.channels.mail.addressing import begun, domain_of, reference_of
from services.notify.channels.mail.deadlines import deadlines_of
from services.notify.channels.mail.wording import TEMPLATE, wording_of
from services.notify.channels.message import Message

_LIST = "digest"


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter ready to be sent, and what is recorded once it was taken."""

    content: EmailMessage
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Sender:
    """From where letters come: the address, and where people reach the system, without a slash at its end."""

    mail_from: str
    public_url: str


def letter_of(
    message: Message,
    sender: Sender,
    address: str,
    at: dt.datetime,
    *,
    thread: Sequence[str] = (),
    unsubscribe: str | None = None,
) -> Letter:
    """The letter for a message. `thread` names the letters that it follows up, the first of the matter first;
    `unsubscribe` is the address by which the person can switch this kind of letter off.

    Its Message-ID comes from the message alone. Hence a mailbox that receives it twice, since this process died between
    sending and saying so, can tell that both are one.

    Raises:
        Refused: the address cannot stand in a message.
        ValueError: what is to be recorded of it cannot stand in an event.
    """
    wording = wording_of(message, sender.public_url)
    reference = reference_of(message.message_id, sender.mail_from)
    receipt = Receipt(
        template=TEMPLATE, content_sha256=hashlib.sha256(wording.text.encode()).hexdigest(), reference=reference
    )
    letter = begun(sender.mail_from, address, reference, wording.subject, at)
    if followed := [each for each in thread if each != reference]:
        letter["In-Reply-To"] = followed[-1]
        letter["References"] = " ".join(dict.fromkeys(followed))
    categories = sorted({item.category for item in message.items})
    kind = categories[0] if len(categories) == 1 else _LIST
    letter["List-Id"] = f"<{kind}.ketluan.{domain_of(sender.mail_from)}>"
    if unsubscribe:
        letter["List-Unsubscribe"] = f"<{unsubscribe}>"
        letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    letter["X-Ketluan-Reason"] = ", ".join(dict.fromkeys(reason for item in message.items for reason in item.reasons))
    letter["X-Ketluan-Category"] = ", ".join(categories)
    if any(item.urgency == "urgent" for item in message.items):
        letter["Importance"] = "high"
    letter.set_content(wording.text)
    letter.add_alternative(wording.html, subtype="html")
    if calendar := deadlines_of(message.items, sender.public_url, message.language):
        letter.add_attachment(calendar, subtype="calendar", filename="han.ics", params={"method": "PUBLISH"})
    return Letter(letter, receipt)
