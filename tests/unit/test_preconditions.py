"""What a request says of the version that it is meant for, and of being sent again."""

import pytest

from shared.preconditions import KeyUnusable, PreconditionRequired, idempotency_key, versions


@pytest.mark.parametrize(
    ("if_match", "named"),
    [
        ('"3"', {3}),
        ('"3", "4"', {3, 4}),
        ('  "12" ', {12}),
        ('W/"3"', {3}),
        ('W/"3", "4"', {3, 4}),
        ('"x"', set()),
        ('"99999999999999999999"', set()),
        ('"³"', set()),
        ("3", set()),
    ],
)
def test_an_if_match_names_versions_by_their_tags(if_match: str, named: set[int]) -> None:
    assert versions(if_match) == named


@pytest.mark.parametrize("if_match", [None, "", "*", " * "])
def test_without_a_version_nothing_is_changed(if_match: str | None) -> None:
    with pytest.raises(PreconditionRequired):
        versions(if_match)


@pytest.mark.parametrize(("given", "key"), [(None, None), ("abc", "abc"), ('"abc"', "abc"), ("a" * 255, "a" * 255)])
def test_a_key_stands_with_or_without_quotes(given: str | None, key: str | None) -> None:
    assert idempotency_key(given) == key


@pytest.mark.parametrize("given", ["", '""', "a b", "khoá", "a" * 256])
def test_a_key_that_nobody_could_repeat_is_refused(given: str) -> None:
    with pytest.raises(KeyUnusable):
        idempotency_key(given)
