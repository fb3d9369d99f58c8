"""Finds out who asks: from a bearer token, or from the session of a browser."""

import datetime as dt
from dataclasses import dataclass
from typing import Self

from fastapi import Request
from nats.aio.client import Client

from shared.events.catalogue import UnknownEvent
from shared.identity import sessions
from shared.identity.caller import Caller
from shared.identity.keys import PREFIX as KEY_PREFIX
from shared.identity.known import Known, as_caller
from shared.identity.live import LiveIdentity
from shared.identity.refusals import IDENTITY_AWAY, NOTHING_SHOWN, UNUSABLE, ForeignForm, Unidentified
from shared.identity.tokens import Access, Form, Service, Session, Tokens, UnusableToken
from shared.log.faults import LogFault
from shared.problems import NewerRelease, Unavailable
from shared.settings import IdentitySettings

_READING = {"GET", "HEAD", "OPTIONS"}
_BEARER = "bearer"


class _NotKnown(UnusableToken):
    """It may be ours, and the log did not tell of its owner so far, or tells that it is over."""


@dataclass(frozen=True)
class Gate:
    """What a service needs to know who asks. `secure` says that people reach it by https."""

    tokens: Tokens
    identity: LiveIdentity
    secure: bool

    @classmethod
    def of(cls, settings: IdentitySettings, client: Client, service: str) -> Self:
        """The gate of a service, whose `identity` has still to be run."""
        tokens = Tokens(settings.session_key.get_secret_value())
        return cls(tokens, LiveIdentity(client, service), settings.secure)

    async def caller(self, request: Request) -> Caller:
        """Who sends a request. Pages find them, and the token for their forms, in the request's state.

        Raises:
            Unidentified: nothing proves who it is.
            ForeignForm: a session alone does not prove that its person wants this change.
            Unavailable: the log is away for too long, or a newer release wrote of who asks.
        """
        try:
            try:
                caller = await self._proven(request, await self.identity.current())
            except _NotKnown:
                caller = await self._proven(request, await self.identity.fresh())
        except LogFault as fault:
            raise Unavailable(IDENTITY_AWAY) from fault
        except UnknownEvent as unknown:
            raise NewerRelease from unknown
        except UnusableToken as error:
            raise Unidentified(UNUSABLE) from error
        request.state.caller = caller
        return caller

    async def _proven(self, request: Request, known: Known) -> Caller:
        header = request.headers.get("authorization")
        return await self._browser(request, known) if header is None else self._bearer(request, header, known)

    def _bearer(self, request: Request, header: str, known: Known) -> Caller:
        """Source: RFC 6750, section 2.1."""
        scheme, _, text = header.partition(" ")
        text = text.strip()
        if scheme.lower() != _BEARER:
            raise UnusableToken(scheme)
        now = dt.datetime.now(dt.UTC)
        if text.startswith(KEY_PREFIX):
            found = known.client_of_key(text, now)
            if found is None:
                known.confirm_clients()
                raise _NotKnown(KEY_PREFIX)
            known.confirm(f"client.{found[0].id}")
            return as_caller(found[0])
        if text.startswith(Access.prefix):
            access = self.tokens.take(Access, text)
            client = known.client_with_key(access.key_id, now)
            if client is None:
                known.confirm_clients()
                raise _NotKnown(Access.prefix)
            known.confirm(f"client.{client.id}")
            return as_caller(client, frozenset(access.scopes))
        if text.startswith(Session.prefix):
            session = self.tokens.take(Session, text)
            caller = _person(session, known)
            request.state.session = session
            return caller
        service = self.tokens.take(Service, text)
        roles, scopes = frozenset(service.roles), frozenset(service.scopes)
        return Caller(f"service.{service.name}", service.name, roles=roles, scopes=scopes)

    async def _browser(self, request: Request, known: Known) -> Caller:
        text = sessions.shown(request, secure=self.secure)
        if text is None:
            raise Unidentified(NOTHING_SHOWN)
        session = self.tokens.take(Session, text)
        caller = _person(session, known)
        if request.method not in _READING and not await sessions.is_own_form(request, session, self.tokens):
            raise ForeignForm
        request.state.session = session
        request.state.form_token = self.tokens.give(Form(signin_id=session.signin_id))
        return caller


def _person(session: Session, known: Known) -> Caller:
    known.confirm(f"person.{session.person_id}", f"signin.{session.signin_id}")
    caller = known.caller(session.person_id)
    if caller is None or not known.has_session(session.person_id, session.signin_id, session.sequence):
        raise _NotKnown(Session.prefix)
    return caller
