"""HTTP: where people are reached."""

import base64
import binascii
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from services.notify.api.source import PersonId, Source, owner
from services.notify.contacts import (
    Browser,
    Chat,
    ContactView,
    find_contact,
    forget_browsers,
    forget_chat,
    forget_contact,
    keep_browser,
    keep_chat,
    keep_contact,
)
from shared.events.fields import Name, Token
from shared.identity.caller import Caller
from shared.language import Words
from shared.mail_address import MailAddress
from shared.problems import FieldProblem, Invalid, NotFound, Problem

_LARGEST_CONTACT = 4096
_POINT_BYTES, _POINT_FORM = 65, 4
_AUTH_BYTES = 16

_NO_SERVICE = Words(
    "hệ thống này không kết nối dịch vụ tên như vậy; hiện có: {known}",
    "this installation has no service of that name; it has: {known}",
)
_NOT_HTTPS = Words("phải là địa chỉ https", "must be an https address")

router = APIRouter(prefix="/v1")

Keeper = Annotated[Caller, owner("change-contacts")]


class PersonLeft(Problem):
    """Nothing is kept of where somebody is reached who left."""

    status = HTTPStatus.CONFLICT
    code = "person-left"
    title = Words("Người này đã rời cơ quan", "The person has left")
    detail = Words(
        "{name} đã rời cơ quan nên hệ thống không giữ địa chỉ nào của họ. Không có gì thay đổi. Ghi nhận trở lại đã.",
        "{name} left, and no address of theirs is kept. Nothing was changed. Take them back into the directory first.",
    )


def _confirm_here(source: Source, person_id: str) -> None:
    """Raises PersonLeft for somebody of whom the directory says so."""
    person = source.directory().people.get(person_id)
    if person is not None and person.left:
        raise PersonLeft(name=person.name)


class Contact(BaseModel):
    """Where a person is reached. It is kept outside the log, so that it can be forgotten."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"mail": "chau.le@haivan.example"}]})

    mail: MailAddress


class ChatContact(BaseModel):
    """How a person is written to: a service that this installation uses, and their id there."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"service": "zalo", "to": "7241"}]})

    service: Token
    to: Annotated[Name, Field(max_length=200)]


def _decoded(given: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(given + "=" * (-len(given) % 4))
    except (binascii.Error, ValueError):
        return b""


def _point(given: str) -> str:
    content = _decoded(given)
    if len(content) != _POINT_BYTES or content[0] != _POINT_FORM:
        raise PydanticCustomError("push_key", "it must be an uncompressed point of P-256 in base64url")
    return given


def _secret(given: str) -> str:
    if len(_decoded(given)) != _AUTH_BYTES:
        raise PydanticCustomError("push_key", "it must be 16 bytes in base64url")
    return given


_Base64 = Annotated[str, Field(max_length=200, pattern=r"^[A-Za-z0-9_=-]+$")]


class PushKeys(BaseModel):
    """A browser's keys. Source: RFC 8291, section 3."""

    model_config = ConfigDict(extra="forbid")

    p256dh: Annotated[_Base64, AfterValidator(_point)]
    auth: Annotated[_Base64, AfterValidator(_secret)]


class Subscription(BaseModel):
    """A browser that takes web push, as its `PushSubscription.toJSON()` says it. Source: W3C Push API."""

    model_config = ConfigDict(extra="ignore")

    endpoint: Annotated[Name, Field(max_length=500)]
    keys: PushKeys


@router.get("/contacts/{person_id}", summary="Where a person is reached")
async def get_contact(source: Source, caller: Keeper, person_id: PersonId) -> ContactView:
    """All that is kept of it. Of a browser it is the host of its push service and since when it is known."""
    return await find_contact(source.engine, person_id)


@router.put(
    "/contacts/{person_id}",
    status_code=HTTPStatus.NO_CONTENT,
    max_body_size=_LARGEST_CONTACT,
    summary="Say where a person is reached by mail",
)
async def put_contact(source: Source, caller: Keeper, person_id: PersonId, contact: Contact) -> None:
    """Keeps the address. Mail goes to it from the next notification on. Chat and browsers stay as they are."""
    _confirm_here(source, person_id)
    await keep_contact(source.engine, person_id, contact.mail)


@router.delete("/contacts/{person_id}", status_code=HTTPStatus.NO_CONTENT, summary="Forget where a person is reached")
async def delete_contact(source: Source, caller: Keeper, person_id: PersonId) -> None:
    """Forgets all of it: mail, chat and browsers. What is still to be sent there is given up."""
    mail_or_chat = await forget_contact(source.engine, person_id)
    if not (await forget_browsers(source.engine, person_id) or mail_or_chat):
        raise NotFound(what=f"/v1/contacts/{person_id}")


@router.put(
    "/contacts/{person_id}/chat",
    status_code=HTTPStatus.NO_CONTENT,
    max_body_size=_LARGEST_CONTACT,
    summary="Say where a person is reached by chat",
)
async def put_chat(source: Source, caller: Keeper, person_id: PersonId, chat: ChatContact) -> None:
    """Keeps the id. Messages go to it from the next notification on, for what the person's preferences let through."""
    _confirm_here(source, person_id)
    if chat.service not in source.chat_services:
        known = ", ".join(sorted(source.chat_services)) or "-"
        raise Invalid(errors=[FieldProblem("/service", "unknown-service", _NO_SERVICE, {"known": known})])
    await keep_chat(source.engine, person_id, Chat(service=chat.service, to=chat.to))


@router.delete(
    "/contacts/{person_id}/chat", status_code=HTTPStatus.NO_CONTENT, summary="Write to a person by chat no more"
)
async def delete_chat(source: Source, caller: Keeper, person_id: PersonId) -> None:
    """Forgets the id."""
    if not await forget_chat(source.engine, person_id):
        raise NotFound(what=f"/v1/contacts/{person_id}/chat")


@router.post(
    "/contacts/{person_id}/push",
    status_code=HTTPStatus.NO_CONTENT,
    max_body_size=_LARGEST_CONTACT,
    summary="Have a browser show what is pushed",
)
async def post_push(source: Source, caller: Keeper, person_id: PersonId, subscription: Subscription) -> None:
    """Keeps a browser's subscription, which belongs to whoever subscribed last. The ten newest are used."""
    parts = urlsplit(subscription.endpoint)
    if not parts.hostname or parts.scheme not in ({"http", "https"} if source.allow_private else {"https"}):
        raise Invalid(errors=[FieldProblem("/endpoint", "not-https", _NOT_HTTPS, {})])
    browser = Browser(subscription.endpoint, subscription.keys.p256dh, subscription.keys.auth)
    await keep_browser(source.engine, person_id, browser)


@router.delete(
    "/contacts/{person_id}/push", status_code=HTTPStatus.NO_CONTENT, summary="Push to a person's browsers no more"
)
async def delete_push(
    source: Source,
    caller: Keeper,
    person_id: PersonId,
    endpoint: Annotated[str | None, Query(max_length=500, description="only this browser")] = None,
) -> None:
    """Forgets one browser or all of them."""
    if not await forget_browsers(source.engine, person_id, endpoint):
        raise NotFound(what=f"/v1/contacts/{person_id}/push")
