"""What notify is told from outside."""

from shared.settings import DatabaseSettings, MailSettings, NatsSettings


class NotifySettings(NatsSettings, DatabaseSettings, MailSettings):
    """The log, the database, and the way mail leaves."""
