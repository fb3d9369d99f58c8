"""What the frame of every page may not do, whatever address is asked for."""

from pathlib import Path

import pytest
from fastapi import Request

from shared.problems import NotFound
from shared.web.pages import Pages


def shown(path: str, query: str) -> str:
    """The page of a refusal, at this address."""
    accept = [(b"accept", b"text/html")]
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "root_path": "",
        "query_string": query.encode(),
        "headers": accept,
    }
    answer = Pages("Asia/Ho_Chi_Minh", [Path(__file__).parent]).problem(Request(scope), NotFound(what=path))
    assert answer is not None
    return bytes(answer.body).decode()


@pytest.mark.parametrize("query", ["", "lang=en", "lang=en&cursor=AAAA"])
def test_no_address_makes_a_link_that_leads_elsewhere(query: str) -> None:
    page = shown("//evil.example/x", query)
    assert 'href="//' not in page
    assert "evil.example" not in page.partition('class="switch"')[2].partition("</a>")[0]


def test_the_switch_keeps_the_place_in_a_list() -> None:
    assert 'href="?cursor=AAAA" lang="vi"' in shown("/", "lang=en&cursor=AAAA")
    assert 'href="?cursor=AAAA&amp;lang=en" lang="en"' in shown("/", "cursor=AAAA")
    assert 'href="?" lang="vi"' in shown("/", "lang=en")
