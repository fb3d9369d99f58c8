"""Which notices are taken for renderings of one another."""

import random

from hypothesis import given
from hypothesis import strategies as st

from services.intake.sketch import NEARLY_THE_SAME, likeness, sketch, words_compared

SYLLABLES = [f"chữ{number}" for number in range(900)]


def text(seed: int, words: int = 400) -> list[str]:
    """Words that no other seed gives in the same order."""
    chosen = random.Random(seed)
    return [chosen.choice(SYLLABLES) for _ in range(words)]


def misread(words: list[str], share: float, seed: int) -> list[str]:
    """The words with a share of them read wrongly."""
    chosen = random.Random(seed)
    return [word if chosen.random() > share else "sai" + word for word in words]


def shares_a_band(one: list[str], other: list[str]) -> bool:
    return bool(set(sketch(one)) & set(sketch(other)))


def test_a_scan_of_a_notice_is_found_by_its_sketch() -> None:
    found = [shares_a_band(text(seed), misread(text(seed), 0.03, seed)) for seed in range(100)]
    assert sum(found) >= 95


def test_other_notices_hardly_ever_are() -> None:
    found = [shares_a_band(text(seed), text(seed + 1000)) for seed in range(300)]
    assert sum(found) <= 3


def test_marks_of_lists_and_pages_make_no_difference() -> None:
    one = words_compared("Kết luận", ["1. Hoàn thiện quy chế làm việc.", "a) Báo cáo Giám đốc Sở."])
    other = words_compared("KẾT LUẬN", ["- Hoàn thiện quy chế làm việc", "12", "Báo cáo Giám đốc Sở"])
    assert one == other
    assert likeness(one, other) == 1


def test_one_directive_more_makes_a_short_notice_another() -> None:
    order = "Hoàn thiện quy chế làm việc, trình Giám đốc Sở ký, phần"
    title = "Kết luận của Giám đốc Sở tại cuộc họp giao ban tháng 11 năm 2026"
    one = words_compared(title, [f"{order} {part}" for part in "AB"])
    other = words_compared(title, [f"{order} {part}" for part in "ABC"])
    assert likeness(one, other) < NEARLY_THE_SAME


@given(st.lists(st.text(max_size=40), max_size=60))
def test_any_text_has_a_sketch_that_is_its_own(texts: list[str]) -> None:
    words = words_compared("", texts)
    assert sketch(words) == sketch(list(words))
    assert len(sketch(words)) in {0, 8}
