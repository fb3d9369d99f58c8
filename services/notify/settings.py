"""What notify is told from outside."""

from email.errors import MessageError
from email.headerregistry import Address
from typing import Annotated

from pydantic import Field, field_validator

from shared.settings import DatabaseSettings, MailSettings, NatsSettings

_LONGEST_ADDRESS = 254
"""Source: RFC 5321, 4.5.3.1.3, without the angle brackets."""


class NotifySettings(NatsSettings, DatabaseSettings, MailSettings):
    """The log, the database, and the way mail leaves."""

    mail_retry_seconds: Annotated[float, Field(gt=0, le=3600)] = 30.0
    """Pause before a mail is tried for the second time; each further pause is twice as long."""

    @field_validator("mail_from")
    @classmethod
    def _is_an_address(cls, given: str) -> str:
        if len(given) > _LONGEST_ADDRESS:
            raise ValueError(f"must be a mail address of {_LONGEST_ADDRESS} characters at most")
        try:
            Address(addr_spec=given)
        except (MessageError, ValueError, IndexError) as error:
            raise ValueError("must be one mail address, such as ketluan@example.vn") from error
        return given
