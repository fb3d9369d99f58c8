"""What a process is told from outside: environment variables that begin with KETLUAN_, or files of those names."""

import datetime as dt
import os
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, FilePath, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.database_address import Address
from shared.mail_address import MailAddress
from shared.zone import DEFAULT_ZONE, known_zone


class UnusableSettings(Exception):
    """A setting is missing or cannot be used. Nothing was started."""


def web_address(given: str) -> str:
    """An address without a slash at its end.

    Raises:
        ValueError: it is none by which a browser finds a system.
    """
    parts = urlsplit(given)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("must be an address such as https://ketluan.example.vn")
    return given.rstrip("/")


def _postgresql(given: SecretStr) -> SecretStr:
    Address.parse(given.get_secret_value())
    return given


DatabaseUrl = Annotated[SecretStr, AfterValidator(_postgresql)]
"""`postgresql+asyncpg://user:password@host:port/database`, or several `host:port` with commas: a primary and its
standbys, of which the one is used that takes writes."""


class Settings(BaseSettings):
    """Base of every service's settings."""

    model_config = SettingsConfigDict(env_prefix="KETLUAN_", frozen=True, extra="ignore")

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    public_url: Annotated[str, AfterValidator(web_address)] = "http://127.0.0.1:8080"
    """Where people reach the system, without a slash at its end; links in mail begin with it."""
    zone: Annotated[str, AfterValidator(known_zone)] = DEFAULT_ZONE
    """Time zone (IANA) in whose days deadlines are counted."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @classmethod
    def from_environment(cls) -> Self:
        """The settings that this process was given. KETLUAN_SECRETS names a folder with a file for each secret one.

        Raises:
            UnusableSettings: one is missing or wrong; the message names its variable.
        """
        try:
            return cls(_secrets_dir=os.environ.get("KETLUAN_SECRETS"))
        except ValidationError as error:
            named = "; ".join(
                f"KETLUAN_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" if e["loc"] else e["msg"]
                for e in error.errors()
            )
            raise UnusableSettings(f"{named}. Nothing was started; set it right and start again.") from error


class NatsSettings(Settings):
    """How to reach the log."""

    nats_url: str = "nats://127.0.0.1:4222"
    nats_user: str = ""
    nats_password: SecretStr = SecretStr("")
    nats_replicas: Annotated[int, Field(ge=1, le=5)] = 1


class IdentitySettings(Settings):
    """How the services know whom they know."""

    session_key: Annotated[SecretStr, Field(min_length=32)]
    """Signs sessions, links and tokens: the same for all services, and known to nobody else."""

    @property
    def secure(self) -> bool:
        """Whether people reach the system by https."""
        return self.public_url.startswith("https:")


class DatabaseSettings(Settings):
    """How to reach PostgreSQL."""

    database_ca: FilePath | None = None
    """The certificates (PEM) of the authority that signed those of the servers; with it, nothing is said without TLS or
    to a server of another name."""
    database_url: DatabaseUrl

    @field_validator("database_url")
    @classmethod
    def _verified(cls, given: SecretStr, others: ValidationInfo) -> SecretStr:
        authority = others.data.get("database_ca")
        address = Address.parse(given.get_secret_value())
        return SecretStr(str(address.verified_by(str(authority)))) if authority else given


class CalendarSettings(Settings):
    """Which days are worked: the same for all services, or one would count other days than the next."""

    extra_holidays: frozenset[dt.date] = frozenset()
    """Days off that the government decides for one year, as a JSON list of YYYY-MM-DD."""
    extra_workdays: frozenset[dt.date] = frozenset()
    """Days worked in their stead."""


class MailSettings(Settings):
    """How mail leaves. Without a host none is asked for or sent; inboxes are filled all the same."""

    smtp_host: str = ""
    smtp_port: Annotated[int, Field(ge=1, le=65535)] = 25
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_security: Literal["none", "starttls", "tls"] = "starttls"
    mail_from: MailAddress = "ketluan@localhost"
    mail_bounces: MailAddress | Literal[""] = ""
    """Where undeliverable mail is sent back to; the sender where empty."""
