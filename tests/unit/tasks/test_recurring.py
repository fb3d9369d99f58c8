"""How the page of a task says how often it comes back."""

import pytest

from services.tasks.pages.recurring import recurring


@pytest.mark.parametrize(
    ("rule", "vi", "en"),
    [
        ("FREQ=DAILY", "hằng ngày", "daily"),
        ("FREQ=WEEKLY", "hằng tuần", "weekly"),
        ("RRULE:freq=weekly;interval=2", "2 tuần một lần", "every 2 weeks"),
        ("FREQ=MONTHLY;INTERVAL=1", "hằng tháng", "monthly"),
        ("FREQ=MONTHLY;INTERVAL=3", "hằng quý", "quarterly"),
        ("FREQ=MONTHLY;INTERVAL=6", "6 tháng một lần", "every 6 months"),
        ("FREQ=YEARLY", "hằng năm", "yearly"),
        ("FREQ=WEEKLY;BYDAY=MO,FR", "hằng tuần, thứ Hai, thứ Sáu", "weekly, on Monday, Friday"),
        ("FREQ=MONTHLY;BYMONTHDAY=25", "hằng tháng, vào ngày 25", "monthly, on day 25"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "hằng tháng, vào ngày cuối tháng", "monthly, on the last day of the month"),
    ],
)
def test_a_rule_is_said_in_the_readers_words(rule: str, vi: str, en: str) -> None:
    found = recurring(rule)
    assert found
    assert (found.to("vi"), found.to("en")) == (vi, en)


@pytest.mark.parametrize(
    "rule",
    ["FREQ=HOURLY", "FREQ=MONTHLY;BYDAY=1MO", "FREQ=YEARLY;BYMONTHDAY=5", "FREQ=YEARLY;BYMONTHDAY=-1", "hằng tuần", ""],
)
def test_what_words_would_say_less_of_is_left_to_the_rule(rule: str) -> None:
    assert recurring(rule) is None
