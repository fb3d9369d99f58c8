"""The letter that brings a person a link to sign in."""

import datetime as dt
from email.message import EmailMessage
from uuid import uuid4

from services.notify.channels.mail.addressing import begun, reference_of
from services.notify.channels.mail.wording import TEMPLATES
from shared.identity.tokens import Link


def signin_letter(mail_from: str, name: str, link: str, address: str, at: dt.datetime) -> EmailMessage:
    """The letter with this link.

    Raises:
        Refused: the address cannot stand in a message.
    """
    subject = "Liên kết đăng nhập (link to sign in)"
    letter = begun(mail_from, address, reference_of(str(uuid4()), mail_from), subject, at)
    values = {"name": name, "link": link, "minutes": Link.seconds // 60}
    letter.set_content(TEMPLATES.get_template("signin.txt.j2").render(values))
    return letter
