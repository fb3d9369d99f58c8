"""The letter for a message: the same however often it is made, filed with what its person heard of the matter before.

Sources: RFC 5322 (Message-ID, References), RFC 2919 (List-Id), RFC 2369 and RFC 8058 (List-Unsubscribe).
"""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from services.notify.channels.channel import Receipt
from services.notify.channels.mail.addressing import begun, domain_of, reference_of
from services.notify.channels.mail.assembling import file_part, several, text_part, written
from services.notify.channels.mail.deadlines import deadlines_of
from services.notify.channels.mail.wording import TEMPLATE, wording_of
from services.notify.channels.message import Message

_LIST = "digest"


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter ready to be sent, and what is recorded once it was taken."""

    address: str
    content: bytes
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
        Unreachable: the address cannot stand in a message.
        ValueError: what is to be recorded of it cannot stand in an event.
    """
    wording = wording_of(message, sender.public_url)
    reference = reference_of(message.message_id, sender.mail_from)
    receipt = Receipt(
        template=TEMPLATE, content_sha256=hashlib.sha256(wording.text.encode()).hexdigest(), reference=reference
    )
    headers = [*begun(sender.mail_from, address, reference, wording.subject, at)]
    if followed := [each for each in thread if each != reference]:
        headers.append(("In-Reply-To", followed[-1]))
        headers.append(("References", " ".join(dict.fromkeys(followed))))
    categories = sorted({item.category for item in message.items})
    kind = categories[0] if len(categories) == 1 else _LIST
    headers.append(("List-Id", f"<{kind}.ketluan.{domain_of(sender.mail_from)}>"))
    if unsubscribe:
        headers.append(("List-Unsubscribe", f"<{unsubscribe}>"))
        headers.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    reasons = dict.fromkeys(reason for item in message.items for reason in item.reasons)
    headers.append(("X-Ketluan-Reason", ", ".join(reasons)))
    headers.append(("X-Ketluan-Category", ", ".join(categories)))
    if any(item.urgency == "urgent" for item in message.items):
        headers.append(("Importance", "high"))
    words = several("alternative", (text_part(wording.text, "plain"), text_part(wording.html, "html")))
    calendar = deadlines_of(message.items, sender.public_url, message.language)
    body = (
        several("mixed", (words, file_part(calendar, "text/calendar; method=PUBLISH", "han.ics")))
        if calendar
        else words
    )
    return Letter(address, written(headers, body), receipt)
