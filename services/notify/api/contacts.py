"""HTTP: where people are reached."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from services.notify.api.source import PersonId, Source
from services.notify.contacts import forget_contact, keep_contact
from shared.identity.caller import Caller
from shared.identity.guard import requires
from shared.identity.permissions import Reach, allowed
from shared.identity.refusals import NotAllowed
from shared.mail_address import MailAddress
from shared.problems import NotFound

_LARGEST_CONTACT = 4096

router = APIRouter(prefix="/v1")


class Contact(BaseModel):
    """Where a person is reached. It is kept outside the log, so that it can be forgotten."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"mail": "chau.le@haivan.example"}]})

    mail: MailAddress


@router.put(
    "/contacts/{person_id}",
    status_code=HTTPStatus.NO_CONTENT,
    max_body_size=_LARGEST_CONTACT,
    summary="Say where a person is reached",
)
async def put_contact(
    source: Source, caller: Annotated[Caller, requires("change-contacts")], person_id: PersonId, contact: Contact
) -> None:
    """Keeps the address. Mail goes to it from the next notification on."""
    _may_change(caller, person_id)
    await keep_contact(source.engine, person_id, contact.mail)


@router.delete("/contacts/{person_id}", status_code=HTTPStatus.NO_CONTENT, summary="Forget where a person is reached")
async def delete_contact(
    source: Source, caller: Annotated[Caller, requires("change-contacts")], person_id: PersonId
) -> None:
    """Forgets the address. Mail that is still to be sent to it is given up."""
    _may_change(caller, person_id)
    if not await forget_contact(source.engine, person_id):
        raise NotFound(what=f"/v1/contacts/{person_id}")


def _may_change(caller: Caller, person_id: str) -> None:
    needed: Reach = "own" if person_id == caller.person_id else "all"
    if not allowed(caller, "change-contacts", needed):
        raise NotAllowed(caller.name, "change-contacts", needed)
