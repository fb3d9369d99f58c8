"""By which rules deadlines are read from a notice's words, as people say them."""

from collections.abc import Mapping

from shared.language import Words

RULES: Mapping[str, Words] = {
    "no-later-than-day": Words("chậm nhất là hết ngày được nêu", "by the end of the day named"),
    "on-day": Words("vào ngày được nêu", "on the day named"),
    "before-day": Words("“trước ngày” được hiểu là đến hết ngày được nêu", "“before” a day means by its end"),
    "before-day-exclusive": Words(
        "“trước ngày” được hiểu là đến hết ngày liền trước", "“before” a day means by the end of the day ahead of it"
    ),
    "through-day": Words("“đến hết ngày” là hết ngày được nêu", "through the day named"),
    "in-week": Words("“trong tuần” là đến hết Chủ nhật", "in a week means by its Sunday"),
    "in-month": Words("“trong tháng” là đến hết ngày cuối tháng", "in a month means by its last day"),
    "in-quarter": Words("“trong quý” là đến hết ngày cuối quý", "in a quarter means by its last day"),
    "in-half-year": Words(
        "6 tháng đầu năm là đến hết 30/6, 6 tháng cuối năm là đến hết 31/12", "in a half-year means by 30/6 or 31/12"
    ),
    "period-end": Words("ngày cuối của kỳ", "the last day of the period"),
    "in-year": Words("“trong năm” là đến hết ngày 31/12", "in a year means by 31/12"),
    "before-week": Words(
        "“trước” tuần là đến hết ngày liền trước tuần đó", "before a week means by the day ahead of it"
    ),
    "before-month": Words(
        "“trước” tháng là đến hết ngày liền trước tháng đó", "before a month means by the day ahead of it"
    ),
    "before-quarter": Words(
        "“trước” quý là đến hết ngày liền trước quý đó", "before a quarter means by the day ahead of it"
    ),
    "before-year": Words("“trước” năm là đến hết ngày liền trước năm đó", "before a year means by the day ahead of it"),
    "start-of-week": Words("đầu tuần là ngày đầu tiên", "the beginning of a week means its first day"),
    "middle-of-week": Words("giữa tuần là thứ Tư", "the middle of a week means its Wednesday"),
    "end-of-week": Words("cuối tuần là ngày cuối cùng", "the end of a week means its last day"),
    "start-of-month": Words("đầu tháng là ngày đầu tiên", "the beginning of a month means its first day"),
    "middle-of-month": Words("giữa tháng là ngày 15", "the middle of a month means its 15th"),
    "end-of-month": Words("cuối tháng là ngày cuối cùng", "the end of a month means its last day"),
    "start-of-quarter": Words("đầu quý là ngày đầu tiên", "the beginning of a quarter means its first day"),
    "middle-of-quarter": Words(
        "giữa quý là ngày 15 của tháng giữa", "the middle of a quarter means the 15th of its middle month"
    ),
    "end-of-quarter": Words("cuối quý là ngày cuối cùng", "the end of a quarter means its last day"),
    "start-of-year": Words("đầu năm là ngày đầu tiên", "the beginning of a year means its first day"),
    "middle-of-year": Words("giữa năm là ngày 30/6", "the middle of a year means 30/6"),
    "end-of-year": Words("cuối năm là ngày cuối cùng", "the end of a year means its last day"),
    "hours-after": Words("tính theo số giờ, không kể ngày đầu", "counted in hours, without the first day"),
    "days-after": Words("tính theo số ngày, không kể ngày đầu", "counted in days, without the first day"),
    "working-days-after": Words(
        "tính theo số ngày làm việc, không kể ngày đầu", "counted in working days, without the first day"
    ),
    "weeks-after": Words("tính theo số tuần, không kể ngày đầu", "counted in weeks, without the first day"),
    "months-after": Words("tính theo số tháng, không kể ngày đầu", "counted in months, without the first day"),
    "quarters-after": Words("tính theo số quý, không kể ngày đầu", "counted in quarters, without the first day"),
    "years-after": Words("tính theo số năm, không kể ngày đầu", "counted in years, without the first day"),
    "hours-after-rolled-forward": Words(
        "tính theo số giờ, gặp ngày nghỉ thì đến ngày làm việc kế tiếp",
        "counted in hours; a day off gives way to the next working day",
    ),
    "days-after-rolled-forward": Words(
        "tính theo số ngày, gặp ngày nghỉ thì đến ngày làm việc kế tiếp",
        "counted in days; a day off gives way to the next working day",
    ),
    "weeks-after-rolled-forward": Words(
        "tính theo số tuần, gặp ngày nghỉ thì đến ngày làm việc kế tiếp",
        "counted in weeks; a day off gives way to the next working day",
    ),
    "months-after-rolled-forward": Words(
        "tính theo số tháng, gặp ngày nghỉ thì đến ngày làm việc kế tiếp",
        "counted in months; a day off gives way to the next working day",
    ),
    "quarters-after-rolled-forward": Words(
        "tính theo số quý, gặp ngày nghỉ thì đến ngày làm việc kế tiếp",
        "counted in quarters; a day off gives way to the next working day",
    ),
    "years-after-rolled-forward": Words(
        "tính theo số năm, gặp ngày nghỉ thì đến ngày làm việc kế tiếp",
        "counted in years; a day off gives way to the next working day",
    ),
}
"""How a deadline was read from the notice's words, by the rule that read it."""
