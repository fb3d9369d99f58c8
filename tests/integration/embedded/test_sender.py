"""Whom the services take for the sender of a request: a proxy's word counts where it is named, and nobody else's."""

import httpx

from tests.integration.embedded.installed import Installed

_MORE_THAN_ALLOWED = 25


def tried(running: Installed, *forwarded_for: str) -> list[int]:
    """The statuses of attempts to sign in with a link that is none."""
    with httpx.Client(base_url=running.url, trust_env=False) as web:
        return [_status(web, each) for each in forwarded_for]


def _status(web: httpx.Client, forwarded_for: str) -> int:
    # Only the status is read: whoever asks too often may find the connection closed before the words behind it.
    headers = {"X-Forwarded-For": forwarded_for}
    with web.stream("POST", "/signin/open", data={"token": "kll_x"}, headers=headers) as answer:
        return answer.status_code


def test_a_sender_who_names_another_address_with_each_attempt_has_to_wait_all_the_same(running: Installed) -> None:
    assert tried(running, *(f"198.51.100.{each}" for each in range(_MORE_THAN_ALLOWED)))[-1] == 429


def test_behind_a_trusted_proxy_one_sender_who_has_to_wait_keeps_no_other_waiting(installed: Installed) -> None:
    installed.told = {"KETLUAN_TRUSTED_PROXIES": "10.0.0.0/8 127.0.0.1/32"}

    with installed:
        assert tried(installed, *["198.51.100.1"] * _MORE_THAN_ALLOWED)[-1] == 429

        other, made_up, by_two_proxies = tried(
            installed, "198.51.100.2", "198.51.100.3, 198.51.100.1", "198.51.100.1, 10.1.2.3"
        )

    assert other == 303
    assert made_up == 429
    assert by_two_proxies == 429
