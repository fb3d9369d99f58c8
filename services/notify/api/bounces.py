"""HTTP: a mail that came back, as the mail server hands it on."""

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel

from services.notify.api.source import Source
from services.notify.channels.mail.addressing import domain_of
from services.notify.channels.mail.bounces import bounce_of
from services.notify.delivery.bouncing import bounced
from shared.identity.caller import Caller
from shared.identity.guard import requires
from shared.identity.permissions import allowed
from shared.identity.refusals import NotAllowed

_LARGEST_MAIL = 1024 * 1024

router = APIRouter(prefix="/v1")


class BounceTaken(BaseModel):
    """What was made of the mail: the notifications that it reports as not arrived. None where it reports nothing of the
    kind, reports it of mail that is not ours, or was taken before."""

    notifications: list[str]


@router.post(
    "/bounces",
    max_body_size=_LARGEST_MAIL,
    summary="Hand on a mail that came back",
    openapi_extra={"requestBody": {"content": {"message/rfc822": {"schema": {"type": "string"}}}, "required": True}},
)
async def post_bounce(
    request: Request, source: Source, caller: Annotated[Caller, requires("change-contacts")]
) -> BounceTaken:
    """Takes the mail as it is, message/rfc822. The office finds what came back at `/v1/deliveries?state=bounced`."""
    if not allowed(caller, "change-contacts", "all"):
        raise NotAllowed(caller.name, "change-contacts", "all")
    mail_from: str = request.app.state.mail_from
    found = bounce_of(await request.body(), domain_of(mail_from))
    rows = await bounced(source.engine, found, mail_from) if found else []
    if rows:
        await source.door.keep(rows)
    return BounceTaken(notifications=[row["data"]["notification_id"] for row in rows])
