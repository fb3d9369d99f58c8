"""Links to sign in, sent by mail to whoever asks for one and is known by that address.

The answer is the same for every address, and comes before anything is looked up: neither its words nor its time tell
whom the directory knows.
"""

import asyncio
import datetime as dt
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import parse_qs, urlencode
from uuid import uuid4

import structlog
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notify.channels.channel import NotTaken, Refused
from services.notify.channels.mail.signin import signin_letter
from services.notify.channels.mail.smtp import Mailer
from services.notify.contacts import find_people
from shared.database import DatabaseUnavailable
from shared.identity.attempts import Attempts
from shared.identity.gate import Gate
from shared.identity.guard import open_to_all
from shared.identity.places import own_page
from shared.identity.refusals import TooManyAttempts
from shared.identity.tokens import Link, signin_address
from shared.log.faults import LogFault

_MOST_BY_SENDER, _MOST_TO_ADDRESS, _IN_SECONDS = 20, 3, 900.0
_LARGEST_FORM = 8192
_AT_ONCE = 50

log = structlog.get_logger()

router = APIRouter(include_in_schema=False)


@dataclass
class Links:
    """Sends links. `mailer` is None where no mail leaves."""

    engine: AsyncEngine
    gate: Gate
    mailer: Mailer | None
    public_url: str
    by_sender: Attempts = field(default_factory=lambda: Attempts(_MOST_BY_SENDER, _IN_SECONDS))
    to_address: Attempts = field(default_factory=lambda: Attempts(_MOST_TO_ADDRESS, _IN_SECONDS))
    _under_way: "set[asyncio.Task[None]]" = field(default_factory=set)

    def ask(self, address: str, page: str) -> None:
        """Sends a link in the background, if this is the address of exactly one person."""
        key = address.casefold()
        if self.mailer is None or self.to_address.wait(key) or len(self._under_way) >= _AT_ONCE:
            log.warning("link_not_sent", why="no mail server" if self.mailer is None else "asked for too often")
            return
        self.to_address.note(key)
        task = asyncio.create_task(self._send(self.mailer, address, page))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _send(self, mailer: Mailer, address: str, page: str) -> None:
        try:
            known = await self.gate.identity.current()
            found = [person for each in await find_people(self.engine, address) if (person := known.person(each))]
            if len(found) != 1:
                log.warning("link_not_sent", why=f"{len(found)} people have this address")
                return
            token = self.gate.tokens.give(Link(person_id=found[0].id, nonce=str(uuid4()), page=page))
            link = signin_address(self.public_url, token)
            mail_from, now = mailer.settings.mail_from, dt.datetime.now(dt.UTC)
            await mailer.send(address, signin_letter(mail_from, found[0].name, link, address, now))
        except (DatabaseUnavailable, LogFault, Refused, NotTaken) as fault:
            log.warning("link_not_sent", why=type(fault).__name__)


def install(app: FastAPI) -> None:
    """Adds the route."""
    app.include_router(router)


@router.post(
    "/signin/link",
    max_body_size=_LARGEST_FORM,
    dependencies=[open_to_all("here people ask for a link; the answer tells nothing")],
)
async def post_link(request: Request) -> Response:
    """Takes the form of the page /signin and leads back to it."""
    links: Links = request.app.state.links
    sender = request.client.host if request.client else ""
    if seconds := links.by_sender.wait(sender):
        raise TooManyAttempts(seconds)
    links.by_sender.note(sender)
    form = _fields(await request.body())
    address, page = (form.get(name, [""])[0].strip() for name in ("mail", "next"))
    if address:
        links.ask(address, own_page(page))
    asked = {"sent": "true", "next": own_page(page)} | ({"lang": "en"} if form.get("lang") == ["en"] else {})
    return RedirectResponse(f"/signin?{urlencode(asked)}", HTTPStatus.SEE_OTHER, {"Cache-Control": "no-store"})


def _fields(body: bytes) -> dict[str, list[str]]:
    try:
        return parse_qs(body.decode("utf-8", "replace"), max_num_fields=10)
    except ValueError:
        return {}
