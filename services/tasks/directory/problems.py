"""What is told to whoever asks for something that the directory does not become."""

from collections.abc import Sequence
from http import HTTPStatus
from zoneinfo import ZoneInfo

from services.tasks.directory.history import Step
from services.tasks.directory.refusals import Refusal
from shared.language import Words
from shared.problems import FieldProblem, Problem
from shared.vocabulary import EVENTS


class Refused(Problem):
    """A rule forbids it; the code names the rule."""

    status = HTTPStatus.CONFLICT
    title = Words("Chưa đổi được danh bạ như yêu cầu", "The directory is not changed as asked")
    detail = Words("{why} Chưa có gì thay đổi.", "{why} Nothing was changed.")

    def __init__(self, refusal: Refusal) -> None:
        self.code = refusal.code
        field = refusal.field
        errors = [FieldProblem(f"/{field}", refusal.code, refusal.words, refusal.values)] if field else []
        why = Words(*(refusal.words.to(language, **refusal.values) for language in ("vi", "en")))
        super().__init__(errors=errors, why=why.literal())


class Changed(Problem):
    """Somebody else was there first. The member `version` says which it is now, and `since` what was done."""

    status = HTTPStatus.PRECONDITION_FAILED
    code = "version-stale"
    title = Words("Người khác vừa sửa mục này", "Somebody else changed this just now")
    detail = Words(
        "{since} Yêu cầu của anh/chị chưa được ghi, chưa có gì thay đổi. Trang này đã là bản mới; xem lại rồi gửi lại "
        "nếu vẫn cần.",
        "{since} What you asked for was not recorded and nothing was changed. This page shows it as it is now; send "
        "it again if it is still needed.",
    )

    def __init__(self, version: int, since: Sequence[Step], zone: str) -> None:
        done = [
            {
                "version": step.version,
                "event": step.kind,
                "actor": step.actor,
                "actor_name": step.actor_name,
                "at": step.at.isoformat(),
            }
            for step in since
        ]
        told = [
            Words(f"{when}, {who}: {words.vi}.", f"{when}, {who}: {words.en}.")
            for step in since
            for when in [f"{step.at.astimezone(ZoneInfo(zone)):%H:%M:%S %d/%m/%Y}"]
            for who in [step.actor_name or step.actor]
            for words in [EVENTS.get(step.kind, Words(step.kind, step.kind))]
        ]
        since_words = Words(" ".join(each.vi for each in told), " ".join(each.en for each in told))
        super().__init__(extra={"version": version, "since": done}, since=since_words.literal())
