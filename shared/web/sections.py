"""Where people live: the sections of the pages, each with the permission that opens it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.identity.caller import Caller, CallerRole
from shared.identity.permissions import Permission, Reach, allowed
from shared.language import Words


@dataclass(frozen=True, slots=True)
class Part:
    """A page that stands in the navigation. `key` is what the page calls itself; `needed` is how far the permission
    has to reach."""

    key: str
    path: str
    words: Words
    permission: Permission
    needed: Reach = "own"


@dataclass(frozen=True, slots=True)
class Section:
    """Pages that belong together; the first that one may open stands for all. `key` is what opens it behind `g`."""

    words: Words
    parts: tuple[Part, ...]
    key: str

    def has(self, key: str) -> bool:
        """Whether a page is one of them."""
        return any(part.key == key for part in self.parts)


SECTIONS = (
    Section(
        Words("Việc của tôi", "My work"),
        (Part("work", "/work", Words("Việc của tôi", "My work"), "acknowledge"),),
        key="v",
    ),
    Section(
        Words("Chờ xử lý", "To decide"),
        (
            Part("queue", "/queue", Words("Kết quả và gia hạn", "Results and more time"), "accept-completion", "all"),
            Part(
                "readings", "/conclusions", Words("Thông báo còn chỗ chưa rõ", "Doubtful notices"), "review-conclusions"
            ),
            Part("unresolved", "/queue/units", Words("Đơn vị chưa rõ", "Unresolved units"), "reassign", "all"),
            Part("deliveries", "/deliveries", Words("Tin chưa gửi được", "Undelivered"), "resend-notifications"),
            Part("parked", "/queue/parked", Words("Sự kiện chưa áp dụng", "Parked events"), "read-parked", "all"),
            Part("reminders", "/reminders", Words("Lịch nhắc hạn", "Reminders to come"), "remind", "all"),
        ),
        key="c",
    ),
    Section(
        Words("Hộp tin", "Inbox"),
        (
            Part("inbox", "/inbox", Words("Hộp tin", "Inbox"), "mark-notifications"),
            Part("preferences", "/preferences", Words("Cách nhận tin", "Preferences"), "change-preferences"),
        ),
        key="h",
    ),
    Section(
        Words("Cuộc họp", "Meetings"),
        (
            Part("meetings", "/meetings", Words("Cuộc họp", "Meetings"), "read-meetings"),
            Part("post", "/conclusions/new", Words("Gửi thông báo", "Post a notice"), "publish-conclusions"),
        ),
        key="m",
    ),
    Section(
        Words("Bảng theo dõi", "The board"),
        (Part("board", "/board", Words("Bảng theo dõi", "The board"), "read-tasks"),),
        key="b",
    ),
    Section(
        Words("Báo cáo", "Report"),
        (Part("report", "/report", Words("Báo cáo", "Report"), "read-tasks", "all"),),
        key="r",
    ),
    Section(
        Words("Sổ ghi", "The record"),
        (
            Part("record", "/record", Words("Sổ ghi", "The log"), "read-log", "all"),
            Part("past", "/record/board", Words("Bảng theo thời gian", "The board in time"), "read-log", "all"),
            Part("verification", "/record/verification", Words("Kiểm chứng", "Verification"), "verify-record", "all"),
            Part("checkpoints", "/record/checkpoints", Words("Điểm kiểm chứng", "Checkpoints"), "read-log", "all"),
            Part("evidence", "/record/evidence", Words("Chứng cứ", "Evidence"), "read-evidence", "all"),
        ),
        key="s",
    ),
    Section(
        Words("Quản trị", "Administration"),
        (
            Part("units", "/directory/units", Words("Đơn vị", "Units"), "change-units"),
            Part("people", "/directory/people", Words("Người dùng và vai trò", "People and roles"), "change-people"),
            Part("clients", "/clients", Words("Khoá API", "API keys"), "manage-clients"),
            Part("webhooks", "/webhooks", Words("Webhook", "Webhooks"), "manage-webhooks"),
            Part("health", "/health", Words("Tình trạng hệ thống", "Health"), "read-health"),
        ),
        key="q",
    ),
)
"""Every section in the order of the navigation."""

HOME: Mapping[CallerRole, str] = {
    "leader": "/board",
    "office": "/queue",
    "unit_lead": "/work",
    "staff": "/work",
    "auditor": "/record",
    "administrator": "/health",
    "integration": "/meetings",
}
"""Where each role begins; who has several begins where the first of them does."""


@dataclass(frozen=True, slots=True)
class OpenSection:
    """A section as one caller sees it: the parts that they may open, at least one."""

    section: Section
    parts: tuple[Part, ...]


def open_to(caller: Caller | None) -> list[OpenSection]:
    """The sections that a caller may open; none for nobody."""
    if caller is None:
        return []
    found = (
        OpenSection(section, tuple(part for part in section.parts if allowed(caller, part.permission, part.needed)))
        for section in SECTIONS
    )
    return [each for each in found if each.parts]


def home_of(caller: Caller) -> str:
    """The path of the page where a caller begins."""
    return next((path for role, path in HOME.items() if role in caller.roles), "/meetings")
