"""HTTP: switching a kind of mail off by the address in a letter (RFC 8058).

Scanners open every link of a letter, so opening it shows a page and changes nothing. Mail programs and the page's
button post to it.
"""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from services.notify.api.problems import LOG_AWAY
from services.notify.api.source import Reading, Source
from services.notify.channels.mail.unsubscribing import PATH, Unsubscription
from services.notify.channels.mail.wording import TEMPLATES
from services.notify.chosen import find_preferences, list_floors
from services.notify.handlers import Busy, Decider, Stale
from services.notify.preferences.floors import floor_of
from shared.events.inbox import PreferencesChanged
from shared.events.preferences import Category, ChannelChoice
from shared.identity.gate import Gate
from shared.identity.guard import open_to_all
from shared.identity.tokens import UnusableToken
from shared.language import Language, Words, preferred
from shared.problems import NotFound, Unavailable
from shared.vocabulary import CATEGORIES

_TITLE = Words("Thư thông báo của ketluan", "Mail from ketluan")
_ATTEMPTS = 3
_LARGEST_FORM = 1024
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

router = APIRouter(include_in_schema=False)

Given = Annotated[str, Query(alias="token", max_length=4096)]
_OPEN = open_to_all("whoever has the letter may stop such letters; the address in it is signed")


@router.get(PATH, dependencies=[_OPEN])
async def get_unsubscription(request: Request, token: Given = "") -> HTMLResponse:
    """The page that asks."""
    said = _said(request, token)
    return _page(request, asked=said.categories)


@router.post(PATH, max_body_size=_LARGEST_FORM, dependencies=[_OPEN])
async def post_unsubscription(request: Request, source: Source, token: Given = "") -> HTMLResponse:
    """Switches mail about these categories off, but for what the person's unit has sent to everybody."""
    said = _said(request, token)
    actor = Decider(f"person.{said.person_id}", request.state.request_id)
    for _ in range(_ATTEMPTS):
        chosen, sequence = await find_preferences(source.engine, said.person_id)
        wanted = without_mail(chosen or PreferencesChanged(person_id=said.person_id), said.categories)
        try:
            await source.door.change_preferences(actor, wanted, (sequence,))
        except Stale:
            continue
        except Busy as busy:
            raise Unavailable(LOG_AWAY) from busy
        bound = await _bound(source, said)
        return _page(request, off=tuple(each for each in said.categories if each not in bound), bound=bound)
    raise Unavailable(LOG_AWAY)


def without_mail(chosen: PreferencesChanged, categories: tuple[Category, ...]) -> PreferencesChanged:
    """The preferences with mail about some categories switched off, and all else as it was."""
    kept = [each for each in chosen.choices if each.channel != "mail" or each.category not in categories]
    off = [ChannelChoice(category=each, channel="mail", timing=None) for each in categories]
    return chosen.model_copy(update={"choices": (*kept, *off)})


def _said(request: Request, token: str) -> Unsubscription:
    gate: Gate = request.app.state.gate
    try:
        return gate.tokens.take(Unsubscription, token)
    except UnusableToken:
        raise NotFound(what=PATH) from None


async def _bound(source: Reading, said: Unsubscription) -> tuple[Category, ...]:
    directory = source.directory()
    person = directory.people.get(said.person_id)
    floor = floor_of(person.unit_id if person else None, await list_floors(source.engine), directory)
    return tuple(each for each in said.categories if (each, "mail") in floor)


def _page(
    request: Request,
    asked: tuple[Category, ...] = (),
    off: tuple[Category, ...] = (),
    bound: tuple[Category, ...] = (),
) -> HTMLResponse:
    language: Language = preferred(request.headers.get("accept-language"))
    html = TEMPLATES.get_template("unsubscribe.html.j2").render(
        language=language,
        title=_TITLE.to(language),
        asked=[CATEGORIES[each].to(language) for each in asked],
        off=[CATEGORIES[each].to(language) for each in off],
        bound=[CATEGORIES[each].to(language) for each in bound],
    )
    return HTMLResponse(html, headers={**_HEADERS, "Content-Language": language, "Vary": "Accept-Language"})
