"""Tokens are worth something only as they were given out, in time, for their purpose, by this installation."""

import datetime as dt
import hashlib

import pytest
from itsdangerous import URLSafeTimedSerializer

from shared.identity.tokens import Contents, ExpiredToken, Form, Link, Session, Tokens, UnusableToken

KEY = "k" * 40
LINK = Link(person_id="lan", nonce="1", page="/tasks/a")
SESSION = Session(person_id="lan", signin_id="s", sequence=7)


def test_a_token_says_what_it_was_given_out_for() -> None:
    tokens = Tokens(KEY)

    assert tokens.take(Link, tokens.give(LINK)) == LINK


def test_a_token_of_another_installation_is_worth_nothing() -> None:
    with pytest.raises(UnusableToken):
        Tokens(KEY).take(Link, Tokens("x" * 40).give(LINK))


def test_a_changed_token_is_worth_nothing() -> None:
    text = Tokens(KEY).give(SESSION)
    for place in range(len(Session.prefix), len(text)):
        changed = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
        # The last character of base64 holds bits that count for nothing.
        if place == len(text) - 1:
            continue
        with pytest.raises(UnusableToken):
            Tokens(KEY).take(Session, changed)


@pytest.mark.parametrize("kind", [Session, Form])
def test_a_token_for_one_purpose_is_worth_nothing_for_another(kind: type[Contents]) -> None:
    tokens = Tokens(KEY)
    text = tokens.give(LINK)

    for given in (text, kind.prefix + text.removeprefix(Link.prefix)):
        with pytest.raises(UnusableToken):
            tokens.take(kind, given)


@pytest.mark.parametrize("text", ["", "kll_", "kll_.", "kll_a.b.c", "kll_" + "a" * 10_000, "kll_\x00", "kll_é.ế.x"])
def test_nonsense_is_no_token(text: str) -> None:
    with pytest.raises(UnusableToken):
        Tokens(KEY).take(Link, text)


def test_a_link_ends_after_a_quarter_of_an_hour_and_a_session_after_twelve_hours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tokens = Tokens(KEY)
    link, session = tokens.give(LINK), tokens.give(SESSION)
    _pass(monkeypatch, dt.timedelta(minutes=14, seconds=58))
    assert tokens.take(Link, link) == LINK
    _pass(monkeypatch, dt.timedelta(minutes=15, seconds=2))
    with pytest.raises(ExpiredToken):
        tokens.take(Link, link)
    assert tokens.take(Session, session) == SESSION
    _pass(monkeypatch, dt.timedelta(hours=12, seconds=2))
    with pytest.raises(ExpiredToken):
        tokens.take(Session, session)


def test_contents_that_nobody_gives_out_are_refused_though_they_are_signed() -> None:
    how = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    signed = URLSafeTimedSerializer(KEY, salt="ketluan.kls_", signer_kwargs=how).dumps({"person_id": "lan"})

    with pytest.raises(UnusableToken):
        Tokens(KEY).take(Session, f"kls_{signed!s}")


def _pass(monkeypatch: pytest.MonkeyPatch, time: dt.timedelta) -> None:
    """Lets this time pass since now, as the signer sees it."""
    now = dt.datetime.now(dt.UTC).timestamp()
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: now + time.total_seconds())
