"""The letter that brings a person a link to sign in."""

import datetime as dt
from uuid import uuid4

from services.notify.channels.mail.addressing import begun, reference_of
from services.notify.channels.mail.assembling import text_part, written
from services.notify.channels.mail.wording import TEMPLATES
from shared.identity.tokens import Link


def signin_letter(mail_from: str, name: str, link: str, address: str, at: dt.datetime) -> bytes:
    """The letter with this link.

    Raises:
        Unreachable: the address cannot stand in a message.
    """
    subject = "Liên kết đăng nhập (link to sign in)"
    headers = begun(mail_from, address, reference_of(str(uuid4()), mail_from), subject, at)
    values = {"name": name, "link": link, "minutes": Link.seconds // 60}
    return written(headers, text_part(TEMPLATES.get_template("signin.txt.j2").render(values), "plain"))
