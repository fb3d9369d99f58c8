"""Who reports: what stands above and below a report, as Decree 30/2020/NĐ-CP has it. Pure."""

import datetime as dt
from dataclasses import dataclass

STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
KIND = "BÁO CÁO"
RECIPIENTS = ("Lãnh đạo cơ quan;", "Các đơn vị được giao nhiệm vụ;", "Lưu: VT.")
_MARK = "BC"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What people say of a report: the superior body, the body that reports, the number's mark, the place, who signs
    in which position, and who gets it. What is empty is left for a pen."""

    authority: str
    issuer: str
    mark: str
    place: str
    position: str
    signer: str
    recipients: tuple[str, ...]

    @property
    def number(self) -> str:
        """The line of the number, whose figure the clerk fills in."""
        return f"Số:          /{self.mark}"

    def dated(self, day: dt.date) -> str:
        """The line of place and day: days below ten and the first two months have a zero before them."""
        month = f"{day.month:02}" if day.month < 3 else str(day.month)
        return f"{self.place or '…………'}, ngày {day.day:02} tháng {month} năm {day.year}"


def mark_of(notice: str | None) -> str:
    """The mark of a report by the body that numbered a notice so: `BC-SKHCN` beside `118/TB-SKHCN`."""
    _, found, body = (notice or "").partition("-")
    return f"{_MARK}-{body.strip()}" if found and body.strip() else _MARK
