"""What a process is told from outside: environment variables that begin with KETLUAN_, or files of those names."""

import datetime as dt
import os
import ssl
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    Field,
    FilePath,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.database_address import Address
from shared.mail_address import MailAddress
from shared.nkey import public_key
from shared.organisation import checked
from shared.zone import DEFAULT_ZONE, known_zone


class UnusableSettings(Exception):
    """A setting is missing or cannot be used. Nothing was started."""


def web_address(given: str) -> str:
    """An address without a slash at its end.

    Raises:
        ValueError: it is none by which a browser finds a system.
    """
    parts = urlsplit(given)
    is_web = parts.scheme in {"http", "https"} and parts.hostname
    # What stands before an @ passes for the host with whoever reads an address.
    if not is_web or parts.username is not None or parts.query or parts.fragment:
        raise ValueError("must be an address such as https://ketluan.example.vn")
    return given.rstrip("/")


def _web_address_or_none(given: str) -> str:
    return web_address(given) if given else given


def _postgresql(given: SecretStr) -> SecretStr:
    Address.parse(given.get_secret_value())
    return given


DatabaseUrl = Annotated[SecretStr, AfterValidator(_postgresql)]
"""`postgresql+asyncpg://user:password@host:port/database`, or several `host:port` with commas: a primary and its
standbys, of which the one is used that takes writes."""


def _nats(given: str) -> str:
    schemes = set()
    for address in given.split(","):
        parts = urlsplit(address.strip())
        schemes.add(parts.scheme)
        if parts.scheme not in {"nats", "tls"} or not parts.hostname or parts.port == 0 or parts.username is not None:
            raise ValueError("must be nats://host:port or tls://host:port, or several of one kind with commas")
    if len(schemes) > 1:
        raise ValueError("must not mix nats:// and tls://")
    return given


def _authority(given: Path | None) -> Path | None:
    try:
        ssl.create_default_context(cafile=given)
    except OSError as error:
        raise ValueError("must be a file of certificates in PEM") from error
    return given


def _nkey_seed(given: SecretStr) -> SecretStr:
    if seed := given.get_secret_value():
        public_key(seed)
    return given


class Settings(BaseSettings):
    """Base of every service's settings."""

    model_config = SettingsConfigDict(env_prefix="KETLUAN_", frozen=True, extra="ignore")

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    tls_certificate: FilePath | None = None
    """The certificate (PEM) with which this service speaks HTTPS to the gateway; plain HTTP without it."""
    tls_key: FilePath | None = None
    public_url: Annotated[str, AfterValidator(web_address)] = "http://127.0.0.1:8080"
    """Where people reach the system, without a slash at its end; links in mail begin with it."""
    zone: Annotated[str, AfterValidator(known_zone)] = DEFAULT_ZONE
    """Time zone (IANA) in whose days deadlines are counted."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    operations_host: str = "127.0.0.1"
    operations_port: Annotated[int, Field(ge=0, le=65535)] = 0
    """Where /healthz, /readyz and /metrics are answered beside the event loop; 0: nowhere."""
    traces_url: Annotated[str, AfterValidator(_web_address_or_none)] = ""
    """The collector to which traces are sent (OTLP over HTTP), such as http://collector:4318; none where empty."""
    traces_ratio: Annotated[float, Field(ge=0, le=1)] = 1.0
    """The part of all traces that is sent, the same in all services."""

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


Organisation = Annotated[str, Field(min_length=1), AfterValidator(checked)]
"""The id of an organisation."""


class NatsSettings(Settings):
    """How to reach the log."""

    nats_url: Annotated[str, AfterValidator(_nats)] = "nats://127.0.0.1:4222"
    """One address, or several of one cluster with commas between them. `tls://` demands TLS before the first byte."""
    nats_ca: Annotated[FilePath | None, AfterValidator(_authority)] = None
    """The certificates (PEM) of the authority that signed those of the servers; without it, those that the system
    trusts."""
    nats_user: str = ""
    """The row of the table of permissions; without one nobody is proven to be anybody."""
    nats_seed: Annotated[SecretStr, AfterValidator(_nkey_seed)] = SecretStr("")
    nats_replicas: Annotated[int, Field(ge=1, le=5)] = 1
    children: Annotated[tuple[Organisation, ...], Field(max_length=500)] = ()
    """The organisations whose summaries this body hears, by their ids, as a JSON list."""

    @model_validator(mode="after")
    def _user_has_a_seed(self) -> Self:
        if self.nats_user and not self.nats_seed.get_secret_value():
            raise ValueError("KETLUAN_NATS_USER is set, but KETLUAN_NATS_SEED is not")
        return self

    @property
    def nats_servers(self) -> list[str]:
        """Each of the addresses."""
        return [address.strip() for address in self.nats_url.split(",")]

    @property
    def nats_is_encrypted(self) -> bool:
        """Whether nothing may be said to a server but by TLS."""
        return self.nats_url.startswith("tls:")


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
