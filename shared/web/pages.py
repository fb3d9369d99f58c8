"""Server-made pages: one frame, two languages, no foreign resource, and text that stays text."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from shared.identity.permissions import allowed
from shared.identity.places import own_page
from shared.language import Language, Words
from shared.problems import Problem
from shared.requests import wants_page
from shared.web import sections, wording
from shared.web.assets import path_of
from shared.web.whom_to_ask import whom_to_ask

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
}
"""What every page tells the browser: nothing from elsewhere, nothing inline, asked for anew each time."""

_FRAME = Path(__file__).parent / "templates"


def language_of(request: Request) -> Language:
    """The language of a page: Vietnamese, or English where its address says `lang=en`."""
    return "en" if request.query_params.get("lang") == "en" else "vi"


class Pages:
    """Renders the templates of some folders, within the frame that all pages share.

    `said` are the sentences that a page may say of what was just done, by the code that its address gives (`?said=`).

    Templates know, besides what they are given: `t(vi, en)`, the words in the page's language; `link(path)`, an
    address that keeps the language; `asset(name)`; `caller`, who asks, where it is known; `may(permission, needed)`,
    whether they may do it, everywhere unless `needed` says less; `form_token`, which every form sends back; `sections`,
    what the caller may open; `said`, the sentence to say, if any; `address`, the page's own; and the filters `words`,
    `date`, `time`, `number`.
    """

    def __init__(self, zone: str, folders: Sequence[Path] = (), said: Mapping[str, Words] | None = None) -> None:
        self._zone = zone
        self._said = said or {}
        self._environment = Environment(
            loader=FileSystemLoader([*folders, _FRAME]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.globals |= {"asset": path_of, "t": _t, "link": _link}
        self._environment.filters |= {
            "words": _words,
            "date": wording.date,
            "time": lambda moment: wording.time(moment, self._zone),
            "number": _number,
        }

    def page(
        self, request: Request, template: str, values: Mapping[str, object], status: int = HTTPStatus.OK
    ) -> HTMLResponse:
        """A template, filled in with values, as the answer to a request."""
        language, caller = language_of(request), getattr(request.state, "caller", None)
        other = "vi" if language == "en" else "en"
        kept = [(name, value) for name, value in request.query_params.multi_items() if name not in ("lang", "said")]
        switched = urlencode([*kept, ("lang", "en")] if other == "en" else kept)
        known = {
            "language": language,
            "switch": f"?{switched}",
            "caller": caller,
            "may": lambda permission, needed="all": caller is not None and allowed(caller, permission, needed),
            "sections": sections.open_to(caller),
            "said": self._said.get(request.query_params.get("said", "")),
            "address": f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path,
            "form_token": getattr(request.state, "form_token", None),
        }
        html = self._environment.get_template(template).render({**known, **values})
        return HTMLResponse(html, status, HEADERS | {"Content-Language": language})

    def problem(self, request: Request, problem: Problem) -> HTMLResponse | None:
        """A refusal or a fault as a page that says what can be done; None where a program asks."""
        if not wants_page(request):
            return None
        caller = getattr(request.state, "caller", None)
        values = {
            "told": problem.told(language_of(request)),
            "request_id": request.scope.get("state", {}).get("request_id", ""),
            "askable": whom_to_ask(request.app.state.gate.identity.known.directory, caller, problem) if caller else [],
            "came_from": _came_from(request),
        }
        answer = self.page(request, "problem.html", values, problem.status)
        answer.headers.update(problem.headers | {"Vary": "Accept"})
        return answer


def install(app: FastAPI, pages: Pages) -> None:
    """Gives an application its pages, and shows its refusals and faults to people as pages too."""
    app.state.pages = pages
    app.state.problem_page = pages.problem
    app.state.recognise = _recognise


async def _recognise(request: Request) -> None:
    """Finds out who asks, where a page is shown to them that has no route."""
    if wants_page(request) and request.method == "GET":
        with suppress(Problem):
            await request.app.state.gate.caller(request)


def _came_from(request: Request) -> str:
    """The page of ours on which somebody was before they sent this; the address itself where they only looked."""
    if request.method in ("GET", "HEAD"):
        return ""
    sender = urlsplit(request.headers.get("referer", ""))
    return own_page(f"{sender.path}?{sender.query}" if sender.query else sender.path)


def shown(request: Request, template: str, status: int = HTTPStatus.OK, /, **values: object) -> HTMLResponse:
    """A template of the application's pages as the answer to a request; see `Pages.page`."""
    pages: Pages = request.app.state.pages
    return pages.page(request, template, values, status)


def _language(context: Context) -> Language:
    return cast("Language", context["language"])


@pass_context
def _t(context: Context, vi: str, en: str, **values: object) -> str:
    return Words(vi, en).to(_language(context), **values)


@pass_context
def _words(context: Context, words: Words, **values: object) -> str:
    return words.to(_language(context), **values)


@pass_context
def _number(context: Context, value: int) -> str:
    return wording.number(value, _language(context))


@pass_context
def _link(context: Context, path: str, **parameters: Any) -> str:
    if _language(context) == "en":
        parameters["lang"] = "en"
    return f"{path}?{urlencode(parameters)}" if parameters else path
