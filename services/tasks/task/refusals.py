"""Why a command is refused: each rule with its code, and with words that say what broke it and what would do. Pure."""

from typing import ClassVar

from shared.language import Words


class Refusal(Exception):
    """A command broke a rule. Nothing happened to the task. `values` fill in the words; some may be Words."""

    code: ClassVar[str]
    words: ClassVar[Words]

    def __init__(self, **values: object) -> None:
        super().__init__(self.code)
        self.values = values


class NotAllowed(Refusal):
    """It is not the caller's to do."""

    code = "not-allowed"
    words = Words(
        "{name} không có quyền “{permission}” đối với nhiệm vụ của {unit}. Người có quyền: {who}.",
        "{name} may not {permission} a task of {unit}. Who may: {who}.",
    )


class AlreadyAcknowledged(Refusal):
    """The unit has taken note before."""

    code = "already-acknowledged"
    words = Words("Đơn vị đã tiếp nhận nhiệm vụ này từ trước.", "The unit has taken note of this task before.")


class AlreadyDone(Refusal):
    """The task is done."""

    code = "already-done"
    words = Words(
        "Nhiệm vụ đã hoàn thành. Muốn làm tiếp, văn phòng hoặc lãnh đạo mở lại nhiệm vụ.",
        "The task is done. The office or a leader can reopen it.",
    )


class AlreadyCancelled(Refusal):
    """The task is cancelled."""

    code = "already-cancelled"
    words = Words(
        "Nhiệm vụ đã bị huỷ. Muốn làm tiếp, văn phòng hoặc lãnh đạo mở lại nhiệm vụ.",
        "The task is cancelled. The office or a leader can reopen it.",
    )


class AwaitsAcceptance(Refusal):
    """A result was handed in and waits for an answer."""

    code = "awaits-acceptance"
    words = Words(
        "Kết quả đã trình và đang chờ duyệt. Chờ duyệt hoặc trả lại trước đã.",
        "The result was handed in and waits for acceptance. It has to be accepted or returned first.",
    )


class NothingSubmitted(Refusal):
    """No result waits for acceptance."""

    code = "nothing-submitted"
    words = Words("Chưa có kết quả nào chờ duyệt.", "No result waits for acceptance.")


class OwnResult(Refusal):
    """Nobody accepts what they handed in themselves."""

    code = "own-result"
    words = Words(
        "Người trình kết quả không tự duyệt; cần người khác có quyền duyệt.",
        "Nobody accepts a result that they handed in themselves; somebody else who may has to.",
    )


class StillOpen(Refusal):
    """The task has not come to an end."""

    code = "still-open"
    words = Words("Nhiệm vụ đang mở nên không cần mở lại.", "The task is open and needs no reopening.")


class NothingReported(Refusal):
    """The report says nothing."""

    code = "nothing-reported"
    words = Words(
        "Báo cáo cần có tỷ lệ, nội dung hoặc tệp đính kèm.", "A report needs a percentage, a note, or a file."
    )


class NoDeadline(Refusal):
    """There is no deadline that could be later."""

    code = "no-deadline"
    words = Words(
        "Nhiệm vụ không có hạn nên không có gì để gia hạn.", "The task has no deadline, so there is none to extend."
    )


class NotLater(Refusal):
    """The day that is asked for gives no more time."""

    code = "not-later"
    words = Words("Ngày gia hạn phải sau {day}.", "The day must be later than {day}.")


class AlreadyRequested(Refusal):
    """A request for more time is not answered yet."""

    code = "already-requested"
    words = Words(
        "Đã xin gia hạn đến {until} và đang chờ trả lời.",
        "Time until {until} was asked for already, and is unanswered.",
    )


class NothingRequested(Refusal):
    """No request for more time waits for an answer."""

    code = "nothing-requested"
    words = Words("Không có đề nghị gia hạn nào đang chờ.", "No request for more time waits for an answer.")


class NothingChanged(Refusal):
    """It is so already."""

    code = "nothing-changed"
    words = Words("Nhiệm vụ vốn đã như vậy.", "It is so already.")


class CooperatesWithItself(Refusal):
    """The responsible unit is named as a co-operating one."""

    code = "cooperates-with-itself"
    words = Words(
        "{unit} chủ trì nhiệm vụ này nên không đồng thời là đơn vị phối hợp.",
        "{unit} is responsible for this task, so it cannot co-operate as well.",
    )


class UnknownUnit(Refusal):
    """The directory has no such unit."""

    code = "unknown-unit"
    words = Words("Danh bạ không có đơn vị {unit}.", "The directory has no unit {unit}.")


class UnitClosed(Refusal):
    """The unit takes no tasks any more."""

    code = "unit-closed"
    words = Words("{unit} đã ngừng hoạt động.", "{unit} is closed.")


class UnknownPerson(Refusal):
    """The directory has no such person."""

    code = "unknown-person"
    words = Words("Danh bạ không có người mang mã {person}.", "The directory has no person {person}.")


class UnknownFile(Refusal):
    """No file with this SHA-256 was uploaded."""

    code = "unknown-file"
    words = Words(
        "Chưa tải lên tệp có SHA-256 {sha256}; gửi tệp tới /v1/attachments trước.",
        "No file with the SHA-256 {sha256} was uploaded; send it to /v1/attachments first.",
    )


class OnEachTurn(Refusal):
    """The task recurs, and each period has a task of its own."""

    code = "on-each-turn"
    words = Words(
        "Nhiệm vụ này lặp lại định kỳ; thực hiện và báo cáo trên nhiệm vụ của từng kỳ.",
        "This task recurs; it is done and reported on the task of each period.",
    )


class NoLongerOrdered(Refusal):
    """The notice was revoked, or it was corrected and this is none of its directives any more."""

    code = "no-longer-ordered"
    words = Words(
        "Kết luận giao nhiệm vụ này đã bị thu hồi hoặc đính chính, nên không mở lại được.",
        "The notice that ordered this was revoked or corrected, so it cannot be reopened.",
    )
