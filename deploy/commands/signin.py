"""`ketluan signin` and `ketluan signout`, as a person sees them who works at the command line."""

import sys
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

import httpx
from rich.console import Console
from rich.markup import escape

from deploy.commands.asking import TIMEOUT_SECONDS, NotTaken, answer
from deploy.commands.kept_session import KeptSession, forget, keep, kept_session, session_file
from deploy.exit_codes import REFUSED
from services.tasks.signin.words import SAID
from shared.identity.tokens import Link, Session

_OPEN = "/signin/open"
_SAID = "said"


class _NoLink(Exception):
    """What was given is no link to sign in with."""


def run_signin(link: str) -> int:
    """Uses a link up, as pressing the button on its page does, and keeps the session. Gives the exit code."""
    out, err = (Console(file=stream, soft_wrap=True) for stream in (sys.stdout, sys.stderr))
    try:
        session = _signed_in(*_address_and_token(link))
    except _NoLink:
        err.print(
            "Đây không phải liên kết đăng nhập; sao chép cả liên kết trong thư hoặc do `ketluan signin-link` in ra. "
            "[dim]This is no link to sign in with; copy the whole of it. Nothing was sent.[/]"
        )
        return REFUSED
    except NotTaken as refusal:
        err.print(escape(str(refusal)), highlight=False)
        return REFUSED
    except httpx.HTTPError as error:
        err.print(
            f"Hệ thống không trả lời, chưa đăng nhập; thử lại cùng liên kết. "
            f"[dim]{escape(str(error))}: it does not answer; try the same link again.[/]"
        )
        return REFUSED
    try:
        keep(session)
    except OSError as error:
        err.print(
            f"Không ghi được phiên vào {escape(str(session_file()))}, liên kết đã dùng; xin liên kết mới. "
            f"[dim]{escape(str(error))}: the session could not be kept; ask for a new link.[/]"
        )
        return REFUSED
    hours = Session.seconds // 3600
    out.print(
        f"Đã đăng nhập vào {escape(session.address)}, {hours} giờ; phiên giữ ở {escape(str(session_file()))}. "
        f"[dim](signed in; the session is kept there)[/]",
        highlight=False,
    )
    return 0


def run_signout() -> int:
    """Ends the session that is kept, in every service, and removes it. Gives the exit code."""
    out, err = (Console(file=stream, soft_wrap=True) for stream in (sys.stdout, sys.stderr))
    try:
        session = kept_session()
        if session is None:
            out.print("Chưa đăng nhập. [dim](nobody is signed in here)[/]")
            return 0
        headers = {"Authorization": f"Bearer {session.token}"}
        with httpx.Client(base_url=session.address, headers=headers, timeout=TIMEOUT_SECONDS) as http:
            answer(http, "POST", "/signout")
        forget()
    except (httpx.HTTPError, NotTaken, OSError) as error:
        err.print(
            f"Chưa đăng xuất được, thử lại sau; phiên còn ở {escape(str(session_file()))}. "
            f"[dim]{escape(str(error))}: not signed out; try again later.[/]"
        )
        return REFUSED
    out.print("Đã đăng xuất. [dim](signed out)[/]")
    return 0


def _address_and_token(link: str) -> tuple[str, str]:
    """The installation's address and the token that a link holds."""
    try:
        parts = urlsplit(link.strip())
        tokens = parse_qs(parts.query).get("token", [])
    except ValueError as error:
        raise _NoLink(link) from error
    usable = parts.scheme in {"http", "https"} and parts.hostname and parts.path.endswith(_OPEN)
    if not usable or len(tokens) != 1 or not tokens[0].startswith(Link.prefix):
        raise _NoLink(link)
    return f"{parts.scheme}://{parts.netloc}{parts.path.removesuffix(_OPEN)}", tokens[0]


def _signed_in(address: str, token: str) -> KeptSession:
    with httpx.Client(base_url=address, timeout=TIMEOUT_SECONDS) as http:
        given = answer(http, "POST", _OPEN, data={"token": token})
    session = next((each for each in given.cookies.values() if each.startswith(Session.prefix)), None)
    if given.status_code == HTTPStatus.SEE_OTHER and session is not None:
        return KeptSession(address=address, token=session)
    said = parse_qs(urlsplit(given.headers.get("location", "")).query).get(_SAID, [""])[0]
    words = SAID.get(said, SAID["unusable"])
    raise NotTaken(f"{words.vi} {words.en}")
