"""The cookie that holds a person's session, and the token that shows that a form is ours."""

from fastapi import Request, Response

from shared.identity.tokens import Form, Session, Tokens, UnusableToken

FORM_FIELD = "form_token"
FORM_HEADER = "X-Form-Token"
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


def cookie_name(secure: bool) -> str:
    """The cookie's name. Over TLS browsers take one of this prefix from nobody but this very host.

    Source: RFC 6265bis, section 4.1.3.2.
    """
    return "__Host-ketluan" if secure else "ketluan"


def begin(response: Response, session: Session, tokens: Tokens, *, secure: bool) -> None:
    """Gives a browser its session, in place of any other that it had."""
    response.set_cookie(
        cookie_name(secure),
        tokens.give(session),
        max_age=Session.seconds,
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def end(response: Response, *, secure: bool) -> None:
    """Takes a browser's session from it."""
    response.delete_cookie(cookie_name(secure), path="/", secure=secure, httponly=True, samesite="lax")


def shown(request: Request, *, secure: bool) -> str | None:
    """The session that a request shows, as yet unproven; None where it shows none."""
    return request.cookies.get(cookie_name(secure))


async def is_own_form(request: Request, session: Session, tokens: Tokens) -> bool:
    """Whether a request that changes something carries the token of a page of this very session, in a header or as a
    field of its form."""
    text = request.headers.get(FORM_HEADER)
    if text is None and request.headers.get("content-type", "").startswith(FORM_TYPES):
        given = (await request.form()).get(FORM_FIELD)
        text = given if isinstance(given, str) else None
    if text is None:
        return False
    try:
        return tokens.take(Form, text).signin_id == session.signin_id
    except UnusableToken:
        return False
