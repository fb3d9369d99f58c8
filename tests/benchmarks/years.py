"""A log as some years of an office leave it behind: a million events, always the same ones."""

import datetime as dt
import heapq
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, islice
from typing import Any

from pydantic_core import to_json

from shared.events.fields import derived_id
from shared.log.stream import PREFIX

UNITS, PEOPLE_OF_A_UNIT = 60, 5
_DAYS = 1_165
_NOTICES_A_DAY = 5
_TOLD_BY_A_NOTICE = 22
_DAY = dt.timedelta(days=1)

_FIELDS = (
    "Tài chính",
    "Kế hoạch",
    "Đầu tư",
    "Khoa học",
    "Giáo dục",
    "Y tế",
    "Giao thông",
    "Xây dựng",
    "Nội vụ",
    "Đất đai",
)
_KINDS = ("Phòng", "Ban", "Chi cục", "Trung tâm", "Văn phòng", "Thanh tra")
_VERBS = (
    "Rà soát",
    "Tổng hợp",
    "Xây dựng",
    "Kiểm tra",
    "Tham mưu",
    "Hướng dẫn",
    "Cập nhật",
    "Đánh giá",
    "Thẩm định",
    "Thống kê",
    "Đôn đốc",
    "Lập",
    "Điều chỉnh",
    "Công bố",
    "Số hóa",
    "Bàn giao",
    "Nghiệm thu",
    "Khảo sát",
)
_OBJECTS = (
    "kế hoạch giải ngân vốn đầu tư công",
    "hồ sơ dự án đường ven biển",
    "phương án di dời hộ dân vùng sạt lở",
    "quy chế phối hợp giữa các xã, phường",
    "danh mục đề tài cấp tỉnh quá hạn nghiệm thu",
    "dữ liệu đất đai chưa số hóa",
    "nhu cầu mua sắm thiết bị trường học",
    "tình hình khai thác thủy sản",
    "quy trình một cửa điện tử",
    "chương trình khởi nghiệp sáng tạo",
    "công tác phòng cháy tại các chợ",
    "mạng lưới trạm quan trắc nước thải",
    "dự toán kinh phí sự nghiệp",
    "đội ngũ viên chức ngành y tế",
    "chỉ số cải cách hành chính",
    "quỹ nhà ở xã hội",
    "hệ thống cấp nước nông thôn",
    "vùng trồng cây ăn quả",
    "phương tiện đo tại cửa hàng xăng dầu",
    "bến bãi vận tải",
)
_WAYS = (
    "theo từng địa bàn",
    "trên cơ sở ý kiến của các ngành",
    "đối với nhiệm vụ chậm tiến độ",
    "gắn với chuyển đổi số",
    "phục vụ kỳ họp Hội đồng nhân dân",
    "bảo đảm đúng quy định",
    "kèm danh sách cụ thể",
    "cho giai đoạn tới",
    "tại khu vực miền núi",
    "ở các khu công nghiệp",
    "trong mùa mưa bão",
    "từ nguồn xã hội hóa",
)
_ENDS = (
    "trình Giám đốc Sở xem xét",
    "báo cáo kết quả thực hiện",
    "gửi Văn phòng tổng hợp",
    "lấy ý kiến các phòng và đơn vị",
    "đề xuất hướng xử lý",
    "không để tồn đọng",
)
_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ")
_GIVEN = (
    "Thị Lan",
    "Văn Nam",
    "Minh Châu",
    "Thu Hà",
    "Quốc Bảo",
    "Thanh Thuỷ",
    "Đình Ước",
    "Ngọc Ánh",
    "Hữu Kỳ",
    "Mai",
)

Published = tuple[str, bytes]
"""An event's subject and its bytes."""


@dataclass
class _Life:
    task_id: str
    unit: dict[str, Any]
    text: str
    version: int = 1
    is_open: bool = True


@dataclass
class Years:
    """Gives the events one by one. `seed` makes others of the same kind; `until` (UTC) is when they end."""

    until: dt.datetime
    seed: int = 4
    units: list[dict[str, Any]] = field(default_factory=list)
    _pending: list[tuple[dt.datetime, int, str, dict[str, Any], _Life]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)
    _inboxes: dict[str, int] = field(default_factory=dict)
    _open: dict[str, list[_Life]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self.units = [
            {"id": f"unit-{i}", "name": f"{_KINDS[i % len(_KINDS)]} {_FIELDS[i // len(_KINDS)]}"} for i in range(UNITS)
        ]

    def events(self, most: int) -> Iterator[Published]:
        """So many events, in the order in which they happened."""
        yield from islice(self._all(), most)

    def _all(self) -> Iterator[Published]:
        begin = self.until - _DAYS * _DAY
        yield from self._directory(begin)
        for notice in count():
            at = begin + notice * _DAY / _NOTICES_A_DAY
            while self._pending and self._pending[0][0] <= at:
                yield self._happens(*heapq.heappop(self._pending))
            yield from self._notice(notice, at)

    def _directory(self, at: dt.datetime) -> Iterator[Published]:
        for number, unit in enumerate(self.units):
            told = {"unit_id": unit["id"], "name": unit["name"]}
            yield self._event(f"unit.{unit['id']}", "UnitRegistered", told, at)
            for place in range(PEOPLE_OF_A_UNIT):
                person = f"person-{number}-{place}"
                name = f"{_FAMILY[(number + place) % 10]} {_GIVEN[(number * 3 + place) % 10]}"
                aggregate, role = f"person.{person}", "staff" if place else "unit_lead"
                yield self._event(aggregate, "PersonRegistered", {"person_id": person, "name": name}, at)
                placed = {"person_id": person, "unit_id": unit["id"]}
                yield self._event(aggregate, "PersonPlaced", placed, at, 2)
                yield self._event(aggregate, "RoleGranted", {"person_id": person, "role": role}, at, 3)

    def _notice(self, number: int, at: dt.datetime) -> Iterator[Published]:
        chance, meeting_id = self._random, derived_id("meeting", self.seed, number)
        directives, lives = [], []
        for ordinal in range(1, chance.randint(8, 24)):
            directive_id, units = f"{meeting_id}-{ordinal}", chance.sample(self.units, chance.choice((1, 1, 1, 2, 3)))
            due = (at + chance.randint(5, 60) * _DAY).date() if chance.random() < 0.6 else None
            text = self._text(units[0]["id"])
            said: dict[str, Any] = {"ordinal": ordinal, "text": text, "span": (0, len(text))}
            if due:
                said["deadline"] = {"date": due, "phrase": f"trước ngày {due:%d/%m/%Y}", "rule": "before-date"}
            refs = []
            for unit in units:
                task_id = derived_id("task", directive_id, unit["id"])
                refs.append({"id": task_id, "unit": unit})
                lives.append(_Life(task_id, unit, text))
                told = {
                    "task_id": task_id,
                    "meeting_id": meeting_id,
                    "directive_id": directive_id,
                    "unit": unit,
                    "phrase": unit["name"],
                    **said,
                }
                yield self._event(f"task.{task_id}", "TaskAssigned", told, at)
            directives.append({"id": directive_id, **said, "assignees": [{"phrase": units[0]["name"], "tasks": refs}]})
        document = {"media_type": "application/json", "sha256": f"{number:064x}", "size": 9_000}
        told = {
            "meeting_id": meeting_id,
            "issuer": "UBND tỉnh Hải Vân",
            "number": f"{number}/TB-UBND",
            "issued_on": at.date(),
            "held_on": at.date(),
            "title": f"Kết luận phiên họp thứ {number}",
            "fingerprint": f"{number:064x}",
            "document": document,
            "directives": directives,
        }
        yield self._event(f"meeting.{meeting_id}", "MeetingConcluded", told, at)
        for person in chance.sample(range(UNITS), _TOLD_BY_A_NOTICE):
            yield from self._told(f"person-{person}-0", meeting_id, [life.task_id for life in lives[:2]], at)
        for life in lives:
            self._open.setdefault(life.unit["id"], []).append(life)
            self._plan(life, at)

    def _text(self, unit_id: str) -> str:
        """What a directive says; one in eight repeats what the unit still has to do."""
        chance, before = self._random, [life for life in self._open.get(unit_id, ())[-40:] if life.is_open]
        if before and chance.random() < 0.12:
            return f"Tiếp tục {before[-1].text[0].lower()}{before[-1].text[1:]}".replace(
                "Tiếp tục tiếp tục", "Tiếp tục"
            )
        verb, what, way, other = (
            chance.choice(_VERBS),
            chance.choice(_OBJECTS),
            chance.choice(_WAYS),
            chance.choice(_WAYS),
        )
        more = chance.choice(_OBJECTS)
        return f"{verb} {what} {way}, {other}; {chance.choice(_VERBS).lower()} {more}, {chance.choice(_ENDS)}."

    def _told(self, person: str, meeting_id: str, tasks: list[str], at: dt.datetime) -> Iterator[Published]:
        version = self._inboxes.get(person, 0)
        self._inboxes[person] = version + 2
        notification = derived_id("notification", person, meeting_id)
        mentions = [{"task_id": task, "reason": "responsible"} for task in tasks]
        told = {
            "notification_id": notification,
            "person_id": person,
            "rule": "responsible",
            "reasons": ["responsible"],
            "meeting_id": meeting_id,
            "tasks": mentions,
            "channels": ["inbox"],
        }
        yield self._event(f"inbox.{person}", "NotificationRequested", told, at, version + 1)
        done = {"notification_id": notification, "person_id": person, "channel": "inbox"}
        yield self._event(f"inbox.{person}", "NotificationDelivered", done, at, version + 2)

    def _plan(self, life: _Life, at: dt.datetime) -> None:
        chance, steps = self._random, list[tuple[float, str, dict[str, Any]]]()
        end = chance.lognormvariate(3.1, 0.6)
        if chance.random() < 0.92:
            steps.append((chance.random() * 2, "TaskAcknowledged", {}))
        steps += [
            (
                chance.uniform(2, max(3.0, end)),
                "ProgressReported",
                {"percent": chance.randint(5, 95), "note": "Đang làm."},
            )
            for _ in range(chance.choice((0, 1, 1, 2, 3)))
        ]
        if chance.random() < 0.2:
            steps.append((chance.uniform(1, end + 1), "CommentAdded", {"text": "Cần phối hợp sớm."}))
        if chance.random() < 0.02:
            steps.append((end, "TaskCancelled", {"reason": "Không còn cần thiết."}))
        elif chance.random() < 0.94:
            steps.append((end + 1, "CompletionSubmitted", {"note": "Đã hoàn thành."}))
            steps.append((end + 1 + chance.random() * 4, "CompletionAccepted", {}))
        for after, name, told in steps:
            heapq.heappush(self._pending, (at + after * _DAY, next(self._order), name, told, life))

    def _happens(self, at: dt.datetime, _: int, name: str, told: dict[str, Any], life: _Life) -> Published:
        life.version += 1
        life.is_open = life.is_open and name not in {"CompletionAccepted", "TaskCancelled"}
        actor = f"person.person-{life.unit['id'].removeprefix('unit-')}-0"
        told = {"task_id": life.task_id, **told}
        return self._event(f"task.{life.task_id}", name, told, at, life.version, actor)

    def _event(
        self, aggregate: str, name: str, told: dict[str, Any], at: dt.datetime, version: int = 1, actor: str = "bench"
    ) -> Published:
        envelope = {
            "specversion": "1.0",
            "id": derived_id("event", aggregate, version),
            "source": "/ketluan/bench",
            "type": f"ketluan.{name}.v1",
            "subject": aggregate,
            "time": at,
            "datacontenttype": "application/json",
            "actor": actor,
            "correlationid": "bench",
            "causationid": "bench",
            "aggregateversion": version,
            "data": told,
        }
        return f"{PREFIX}{aggregate}", to_json(envelope)
