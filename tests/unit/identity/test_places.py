"""After signing in people go to a page of ours, and nowhere else."""

import pytest

from shared.identity.places import own_page


@pytest.mark.parametrize("page", ["/", "/tasks/4c1f", "/meetings/a?after=100&lang=en", "/search?q=k%E1%BA%BF"])
def test_a_page_of_ours_is_where_they_go(page: str) -> None:
    assert own_page(page) == page


@pytest.mark.parametrize(
    "page",
    [
        None,
        "",
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "javascript:alert(1)",
        "tasks/1",
        "/a\r\nSet-Cookie: x=y",
        "/tasks\\..\\x",
        "/" + "a" * 3000,
        "/signin?next=/signin",
    ],
)
def test_everything_else_leads_to_the_first_page(page: str | None) -> None:
    assert own_page(page) == "/"
