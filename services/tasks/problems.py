"""What the tasks service says when it refuses: what is wrong, that nothing changed, and how to mend it."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from services.tasks.register.standing import Step
from services.tasks.task import refusals
from services.tasks.task.refusals import Refusal
from services.tasks.task.state import Task
from shared.events.catalogue import Unknown
from shared.language import Language, Words
from shared.preconditions import entity_tag
from shared.problems import Problem

LOG_AWAY = Words("Không nối được tới sổ ghi sự kiện (NATS).", "The event log (NATS) does not answer.")

_OF_REQUEST = (refusals.UnknownUnit, refusals.UnknownPerson, refusals.UnknownFile, refusals.NothingReported)
_FIELDS = (
    "status",
    "unit",
    "lead",
    "cooperators",
    "deadline",
    "percent",
    "pending_until",
    "acknowledged_at",
    "submitted_at",
    "done_at",
    "cancelled_at",
)


class KeyTaken(Problem):
    """The Idempotency-Key belongs to another command."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "idempotency-key-taken"
    title = Words("Idempotency-Key đã dùng cho việc khác", "The Idempotency-Key was used for something else")
    detail = Words(
        "Khóa này đã đi cùng một yêu cầu khác đối với nhiệm vụ này. Chưa có gì thay đổi. Gửi lại với khóa mới.",
        "This key came with another request about this task. Nothing was changed. Send it again with a new key.",
    )


class Stale(Problem):
    """Somebody changed the task meanwhile."""

    status = HTTPStatus.PRECONDITION_FAILED
    code = "stale"
    title = Words("Nhiệm vụ đã thay đổi", "The task was changed meanwhile")
    detail = Words(
        "Nhiệm vụ nay ở phiên bản {version}; việc này chưa được ghi nhận. Xem những gì đã xảy ra trong “since”, rồi "
        "gửi lại với If-Match mới nếu vẫn muốn.",
        "The task is in version {version} now, and this was not recorded. Look at what happened in `since`, and send "
        "it again with the new If-Match if you still want it.",
    )

    def __init__(self, version: int, since: Sequence[Step], names: Mapping[str, str]) -> None:
        happened = [_happened(step, names) for step in since]
        super().__init__(
            version=version, headers={"ETag": entity_tag(version)}, extra={"version": version, "since": happened}
        )


class TaskUnreadable(Problem):
    """The task's last event is parked: nothing can be decided before it can be read."""

    status = HTTPStatus.CONFLICT
    code = "task-unreadable"
    title = Words("Chưa đọc được sự kiện cuối của nhiệm vụ", "The last event of the task cannot be read")
    detail = Words(
        "Nhiệm vụ có một sự kiện mà hệ thống không đọc được, nên chưa thể ghi thêm gì; việc này chưa được ghi nhận. "
        "Không có gì bị mất: sự kiện ấy vẫn nằm nguyên trong sổ ghi, và văn phòng thấy nó trong danh sách sự kiện bị "
        "gác lại (/v1/parked). Hãy báo văn phòng, rồi gửi lại khi sự kiện ấy đã đọc được.",
        "An event of this task cannot be read, so nothing more can be recorded for it, and this was not recorded. "
        "Nothing is lost: the event is in the log as it came, and the office sees it among the parked events "
        "(/v1/parked). Tell the office, and send this again once the event can be read.",
    )


class Refused(Problem):
    """A rule of the life of a task forbids it. The code is the rule's."""

    status = HTTPStatus.CONFLICT
    title = Words("Chưa làm được việc này", "This cannot be done as things are")
    detail = Words("{reason} Chưa có gì thay đổi.", "{reason} Nothing was changed.")

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(reason=Words(_told(refusal, "vi"), _told(refusal, "en")).literal())
        self.code = refusal.code
        if isinstance(refusal, refusals.NotAllowed):
            self.status = HTTPStatus.FORBIDDEN
            self.title = Words("Không có quyền làm việc này", "This is not allowed to you")
        elif isinstance(refusal, _OF_REQUEST):
            self.status = HTTPStatus.UNPROCESSABLE_ENTITY


def _told(refusal: Refusal, language: Language) -> str:
    """The refusal's words with its values."""
    values = {n: v.to(language) if isinstance(v, Words) else v for n, v in refusal.values.items()}
    return refusal.words.to(language, **values)


def _happened(step: Step, names: Mapping[str, str]) -> dict[str, Any]:
    name = step.data.type if isinstance(step.data, Unknown) else type(step.data).__name__
    return {
        "version": step.after.version,
        "event": name,
        "actor": step.place.actor,
        "actor_name": names.get(step.place.actor),
        "at": step.place.at.isoformat(),
        "changed": [field for field in _FIELDS if step.before and _differs(step.before, step.after, field)],
    }


def _differs(before: Task, after: Task, field: str) -> bool:
    return bool(getattr(before, field) != getattr(after, field))
