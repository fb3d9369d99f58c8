"""What a mail address is, wherever one is taken in: each that passes can be written into a mail."""

import re
from email.errors import MessageError
from email.headerregistry import Address
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

_LONGEST = 254
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_PATTERN = rf"^(?=[^@]{{1,64}}@){_ATOM}(\.{_ATOM})*@{_LABEL}(\.{_LABEL})*$"


def _deliverable(given: str) -> str:
    if len(given) <= _LONGEST and re.fullmatch(_PATTERN, given):
        try:
            # What writes the mail has the last word.
            if Address(addr_spec=given).addr_spec == given:
                return given
        except (MessageError, ValueError, LookupError):
            pass
    raise PydanticCustomError("mail_address", "must be one mail address in ASCII, such as an.nguyen@so.example")


MailAddress = Annotated[
    str,
    AfterValidator(_deliverable),
    WithJsonSchema({"type": "string", "maxLength": _LONGEST, "pattern": _PATTERN}),
]
"""One mail address: ASCII, at most 254 characters, without quotes, comments or a name.

Source: RFC 5321, sections 4.1.2 and 4.5.3.1; RFC 5322, section 3.4.1.
"""
