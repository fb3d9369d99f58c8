"""How often a task comes back, as people say it. Pure."""

from collections.abc import Mapping

from services.tasks.task.recurrence import rule
from shared.language import Words

_EACH: Mapping[tuple[str, int], Words] = {
    ("DAILY", 1): Words("hằng ngày", "daily"),
    ("WEEKLY", 1): Words("hằng tuần", "weekly"),
    ("MONTHLY", 1): Words("hằng tháng", "monthly"),
    ("MONTHLY", 3): Words("hằng quý", "quarterly"),
    ("YEARLY", 1): Words("hằng năm", "yearly"),
}
_EVERY: Mapping[str, Words] = {
    "DAILY": Words("{count} ngày một lần", "every {count} days"),
    "WEEKLY": Words("{count} tuần một lần", "every {count} weeks"),
    "MONTHLY": Words("{count} tháng một lần", "every {count} months"),
    "YEARLY": Words("{count} năm một lần", "every {count} years"),
}
_WEEKDAYS: Mapping[str, Words] = {
    "MO": Words("thứ Hai", "Monday"),
    "TU": Words("thứ Ba", "Tuesday"),
    "WE": Words("thứ Tư", "Wednesday"),
    "TH": Words("thứ Năm", "Thursday"),
    "FR": Words("thứ Sáu", "Friday"),
    "SA": Words("thứ Bảy", "Saturday"),
    "SU": Words("Chủ nhật", "Sunday"),
}


def recurring(recurrence: str) -> Words | None:
    """How often a recurrence rule (RFC 5545) comes back; None where the words would say less than the rule does."""
    if (found := rule(recurrence)) is None:
        return None
    parts = dict(part.partition("=")[::2] for part in found.text.split(";"))
    unit, count = parts["FREQ"], int(parts.get("INTERVAL", "1"))
    often = _EACH.get((unit, count)) or _EVERY[unit]
    days = _days(parts, unit)
    if days is None:
        return None
    vi, en = ((often.to(language, count=count), days.to(language)) for language in ("vi", "en"))
    return Words(", ".join(filter(None, vi)), ", ".join(filter(None, en)))


def _days(parts: Mapping[str, str], unit: str) -> Words | None:
    """The days that a rule names, empty where it names none; None where they have no plain name."""
    weekdays, days = parts.get("BYDAY", "").split(","), parts.get("BYMONTHDAY", "").split(",")
    if weekdays != [""]:
        if unit != "WEEKLY":
            return None
        named = [_WEEKDAYS[day] for day in weekdays]
        return Words(", ".join(day.vi for day in named), "on " + ", ".join(day.en for day in named))
    if days == [""]:
        return Words("", "")
    if days == ["-1"] and unit == "MONTHLY":
        return Words("vào ngày cuối tháng", "on the last day of the month")
    if unit != "MONTHLY" or any(day.startswith("-") for day in days):
        return None
    return Words("vào ngày " + ", ".join(days), "on day " + ", ".join(days))
