"""What notify is told from outside."""

from email.errors import MessageError
from email.headerregistry import Address
from typing import Annotated

from pydantic import Field, field_validator

from shared.settings import DatabaseSettings, MailSettings, NatsSettings


class NotifySettings(NatsSettings, DatabaseSettings, MailSettings):
    """The log, the database, and the way mail leaves."""

    mail_retry_seconds: Annotated[float, Field(gt=0, le=3600)] = 30.0
    """Pause before a mail is tried for the second time; each further pause is twice as long."""

    @field_validator("mail_from")
    @classmethod
    def _is_an_address(cls, given: str) -> str:
        try:
            Address(addr_spec=given)
        except (MessageError, ValueError, IndexError) as error:
            raise ValueError("must be one mail address, such as ketluan@example.vn") from error
        return given
