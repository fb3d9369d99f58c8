"""What happens to an endpoint to which events are posted. Its secrets, and the path of its address, are in no event."""

from typing import Annotated, ClassVar

from pydantic import Field

from shared.events.fields import Count, Fields, Name, Statement, Token


class WebhookRegistered(Fields):
    """Events of these types are posted to an endpoint from now on; no types mean all that may be posted."""

    type: ClassVar[str] = "ketluan.WebhookRegistered.v1"

    webhook_id: Token
    name: Name
    host: Name
    event_types: tuple[Name, ...] = ()


class WebhookSecretRotated(Fields):
    """The endpoint's messages are signed with a new secret; the former one signs too for a while."""

    type: ClassVar[str] = "ketluan.WebhookSecretRotated.v1"

    webhook_id: Token


class WebhookDisabled(Fields):
    """Nothing is posted to the endpoint any more."""

    type: ClassVar[str] = "ketluan.WebhookDisabled.v1"

    webhook_id: Token
    reason: Statement


class WebhookEnabled(Fields):
    """Events are posted to the endpoint again."""

    type: ClassVar[str] = "ketluan.WebhookEnabled.v1"

    webhook_id: Token


class WebhookDelivered(Fields):
    """The endpoint took an event."""

    type: ClassVar[str] = "ketluan.WebhookDelivered.v1"

    webhook_id: Token
    event_id: Name
    status: Annotated[int, Field(ge=100, le=599)]
    attempts: Annotated[Count, Field(ge=1)]


class WebhookFailed(Fields):
    """An event could not be brought to the endpoint; it can be sent again."""

    type: ClassVar[str] = "ketluan.WebhookFailed.v1"

    webhook_id: Token
    event_id: Name
    error: Name
    attempts: Annotated[Count, Field(ge=1)]


class WebhookReplayRequested(Fields):
    """Somebody with the authority has an event posted to the endpoint once more."""

    type: ClassVar[str] = "ketluan.WebhookReplayRequested.v1"

    webhook_id: Token
    event_id: Name


WebhookEvent = (
    WebhookRegistered
    | WebhookSecretRotated
    | WebhookDisabled
    | WebhookEnabled
    | WebhookDelivered
    | WebhookFailed
    | WebhookReplayRequested
)
"""Every event of the aggregate `webhook.<id>`. None of them is itself posted to an endpoint."""
