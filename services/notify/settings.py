"""What notify is told from outside."""

import datetime as dt
import json
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode

from services.notify.webhooks.schedule import PAUSES
from shared.events.fields import Channel
from shared.events.fields import Token as ServiceName
from shared.settings import CalendarSettings, DatabaseSettings, IdentitySettings, MailSettings, NatsSettings


def _with_place(given: SecretStr) -> SecretStr:
    if "{to}" not in given.get_secret_value():
        raise ValueError("must hold {to} where the person's own id belongs, such as zalo://TOKEN/{to}")
    return given


def _from_json(given: Any) -> Any:
    """The object that a variable or a file holds; an empty one holds none."""
    if not isinstance(given, str):
        return given
    try:
        return json.loads(given.strip() or "{}")
    except ValueError:
        raise ValueError("must be a JSON object of names and addresses") from None


def _whole_second(given: dt.time) -> dt.time:
    if given.microsecond or given.tzinfo:
        raise ValueError("must be a local hour such as 08:00")
    return given


WorkingDaysFrom = Annotated[int, Field(ge=-30, le=30)]
WorkingDaysLate = Annotated[int, Field(ge=0, le=30)]

ChatService = Annotated[SecretStr, AfterValidator(_with_place)]
"""The Apprise address of a service, with `{to}` in it."""


class NotifySettings(NatsSettings, DatabaseSettings, MailSettings, IdentitySettings, CalendarSettings):
    """The log, the database, and the way mail leaves."""

    signin_links: bool = True
    """Whether people may ask for links to sign in by mail."""
    delivery_retry_seconds: Annotated[float, Field(gt=0, le=3600)] = 30.0
    """Pause before a message is tried for the second time; each further pause is twice as long, eight hours at most."""
    delivery_attempts: Annotated[int, Field(ge=1, le=50)] = 16
    """Attempts before a message is given up; with the pauses as they are, after two days. Attempts that find no
    provider at all do not count."""
    circuit_seconds: Annotated[float, Field(gt=0, le=600)] = 5.0
    """For how long a provider that does not answer is left in peace at first; longer each time, up to twelvefold."""
    delivery_margin_seconds: Annotated[float, Field(ge=1, le=600)] = 60.0
    """What was being sent when this service died is sent again so much later than its channel ever takes."""
    mail_seconds: Annotated[float, Field(ge=1, le=600)] = 60.0
    """Time for one letter, whatever the mail server does with it."""
    mail_per_minute: Annotated[int, Field(ge=1, le=1_000_000)] = 60_000
    chat_per_minute: Annotated[int, Field(ge=1, le=1_000_000)] = 60
    push_per_minute: Annotated[int, Field(ge=1, le=1_000_000)] = 3000
    """Most messages that each channel is given in a minute, by all copies of this service together."""

    delivery_kept_days: Annotated[int, Field(ge=0, le=36_500)] = 730
    webhook_kept_days: Annotated[int, Field(ge=0, le=36_500)] = 90
    """For how many days the tables tell of deliveries that were taken, to people and to endpoints; 0: for ever."""

    reminder_hour: Annotated[dt.time, AfterValidator(_whole_second)] = dt.time(8)
    """Local hour at which people are reminded of deadlines."""
    reminder_offsets: Annotated[tuple[WorkingDaysFrom, ...], Field(max_length=20)] = (-3, -1, 0, 1)
    """When those who do the work are reminded, as a JSON list: working days from the deadline, negative before it."""
    escalate_unit: WorkingDaysLate = 2
    escalate_office: WorkingDaysLate = 3
    escalate_leader: WorkingDaysLate = 5
    """After how many working days the unit's head, the office and the leaders are told that work is late; 0: never."""

    webhook_allow_private: bool = False
    """Whether events may be posted to addresses of private networks, also without encryption there."""
    webhook_seconds: Annotated[float, Field(ge=0.5, le=30)] = 20.0
    """Time that an endpoint has for its answer."""
    webhook_pauses: Annotated[tuple[Annotated[float, Field(gt=0, le=86400)], ...], Field(max_length=30)] = PAUSES
    """Seconds between the attempts for one message, as a JSON list: one attempt more than there are pauses."""
    chat_services: Annotated[
        dict[ServiceName, ChatService], NoDecode, BeforeValidator(_from_json), Field(default_factory=dict)
    ]
    """Services by which people are written to, as a JSON object: name and Apprise address, which holds the service's
    token and `{to}` where the person's own id belongs."""

    def per_minute(self, channel: Channel) -> int:
        """Most messages that a channel is given in a minute."""
        return {"mail": self.mail_per_minute, "chat": self.chat_per_minute}.get(channel, self.push_per_minute)
