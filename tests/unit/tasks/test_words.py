"""Words by which tasks are searched."""

import pytest

from services.tasks.register.words import NOTHING, bare, searchable, wanted, words


@pytest.mark.parametrize(
    ("word", "expected"),
    [("kế", "ke"), ("Đỗ", "do"), ("thuỷ", "thuy"), ("thủy", "thuy"), ("ươm", "uom"), ("112", "112")],
)
def test_a_word_without_its_marks(word: str, expected: str) -> None:
    assert [bare(each) for each in words(word)] == [expected]


def test_a_text_is_found_by_its_words_with_and_without_marks() -> None:
    found = searchable(["Kế hoạch số 88/KH"], ["van-phong"]).split()
    assert {"'ke'", "'hoach'", "'88'", "'kh'", "'@van-phong'"} <= set(found)
    assert len(found) == 9


@pytest.mark.parametrize("asked", ["thuỷ sản", "thủy sản", "THỦY  SẢN!", "thu\u0309y sa\u0309n"])
def test_tones_placed_the_old_way_and_the_new_way_are_the_same(asked: str) -> None:
    assert wanted(asked, None) == wanted("thủy sản", None)


def test_a_word_without_marks_means_every_word_with_its_letters() -> None:
    found = wanted("ke hoach", None)
    assert found
    assert found.written == found.bare == "'ke' & 'hoach'"


def test_quotes_and_operators_are_no_words() -> None:
    found = wanted("kế' | !hoạch\\ & (", None)
    assert found
    assert found.bare == "'ke' & 'hoach'"
    assert wanted("'; & |", None) is None


def test_who_belongs_to_no_unit_finds_nothing() -> None:
    found = wanted("kế hoạch", frozenset())
    assert found
    assert NOTHING in found.bare
    assert "'@b'" in (wanted("kế", frozenset({"a", "b"})) or found).bare
