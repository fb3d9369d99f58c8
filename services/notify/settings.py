"""What notify is told from outside."""

from typing import Annotated

from pydantic import Field

from shared.settings import DatabaseSettings, IdentitySettings, MailSettings, NatsSettings


class NotifySettings(NatsSettings, DatabaseSettings, MailSettings, IdentitySettings):
    """The log, the database, and the way mail leaves."""

    signin_links: bool = True
    """Whether people may ask for links to sign in by mail."""
    mail_retry_seconds: Annotated[float, Field(gt=0, le=3600)] = 30.0
    """Pause before a mail is tried for the second time; each further pause is twice as long."""
