"""The log's own record of signing in and out, by which a link or an answer of a provider is used once."""

import datetime as dt
from typing import Literal
from uuid import uuid4

from nats.aio.client import Client

from shared.events.envelope import Envelope
from shared.events.fields import derived_id
from shared.events.signin import SignedIn, SignedOut
from shared.identity.tokens import Session
from shared.log.append import append, entry
from shared.log.faults import Conflict
from shared.log.read import last_on
from shared.log.stream import PREFIX

SOURCE = "/ketluan/tasks"


class AlreadyUsed(Exception):
    """Somebody signed in with this before. Nobody was signed in now."""


def signin_id(by: Literal["link", "oidc"], nonce: str) -> str:
    """The id of the signing in for which something with this nonce is used up."""
    return derived_id("signin", by, nonce)


async def is_used(client: Client, by: Literal["link", "oidc"], nonce: str) -> bool:
    """Whether somebody signed in with this.

    Raises:
        LogUnavailable, LogRefused: the log does not answer, or refuses.
    """
    return await last_on(client, f"{PREFIX}signin.{signin_id(by, nonce)}") is not None


async def sign_in(client: Client, person_id: str, by: Literal["link", "oidc"], nonce: str, request_id: str) -> Session:
    """Signs a person in, once for each nonce.

    Raises:
        AlreadyUsed: the nonce is used up.
        LogUnavailable, LogRefused: the log does not answer, or refuses; the person may have to begin anew.
    """
    data = SignedIn(signin_id=signin_id(by, nonce), person_id=person_id, by=by)
    try:
        sequence = await append(client, [entry(_envelope(data, 1, request_id), 0)])
    except Conflict as conflict:
        raise AlreadyUsed(data.signin_id) from conflict
    return Session(person_id=person_id, signin_id=data.signin_id, sequence=sequence)


async def sign_out(client: Client, session: Session, request_id: str) -> None:
    """Ends a session in every service. One that has ended stays so.

    Raises:
        LogUnavailable, LogRefused: the log does not answer, or refuses; the session may go on.
    """
    data = SignedOut(signin_id=session.signin_id, person_id=session.person_id)
    try:
        await append(client, [entry(_envelope(data, 2, request_id), session.sequence)])
    except Conflict:
        return


def _envelope(data: SignedIn | SignedOut, version: int, request_id: str) -> Envelope:
    return Envelope(
        # Of its own each time: the log must not take a second signing in for the first one, sent again.
        id=str(uuid4()),
        source=SOURCE,
        type=data.type,
        subject=f"signin.{data.signin_id}",
        time=dt.datetime.now(dt.UTC),
        actor=f"person.{data.person_id}",
        correlationid=request_id,
        causationid=request_id,
        aggregateversion=version,
        data=data.model_dump(mode="json"),
    )
