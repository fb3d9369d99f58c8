"""What can be wrong with the record, and the words for it."""

from enum import StrEnum

from shared.language import Words


class Kind(StrEnum):
    """What is wrong."""

    LOG_MISSING = "log-missing"
    LOG_RECREATED = "log-recreated"
    LOG_SETTINGS = "log-settings"
    GAP_IN_LOG = "gap-in-log"
    TRUNCATED_LOG = "truncated-log"
    ALTERED_IN_LOG = "altered-in-log"
    GAP_IN_LEDGER = "gap-in-ledger"
    ALTERED_IN_LEDGER = "altered-in-ledger"
    ALTERED_LEAF = "altered-leaf-hash"
    ALTERED_TIME = "altered-time-of-storing"
    UNDECIDED = "sides-differ"
    LOST = "lost-on-both-sides"
    FALSE_TILE = "altered-tile"
    CONTRADICTED = "contradicts-checkpoint"
    ROLLED_BACK = "ends-before-checkpoint"
    UNSIGNED = "checkpoint-not-signed"
    LOST_CHECKPOINT = "checkpoint-missing"
    REGISTER = "altered-in-register"
    WITNESS_MISSING = "witness-missing"
    WITNESS_SETTINGS = "witness-settings"
    GAP_IN_WITNESS = "gap-in-witness"
    WITNESS_DIFFERS = "witness-differs"
    WITNESS_AHEAD = "ends-before-witness"


_RESTORE = Words(
    "Dừng các dịch vụ rồi chạy `ketluan repair`.",
    "Stop the services, then run `ketluan repair`.",
)


def _told(vi: str, en: str, remedy: Words = _RESTORE) -> Words:
    return Words(f"{vi} {remedy.vi}", f"{en} {remedy.en}")


_WITNESS = Words(
    "Hỏi người vận hành máy chủ NATS; `ketluan migrate` tạo lại bản sao còn thiếu.",
    "Ask whoever operates the NATS servers; `ketluan migrate` makes a missing copy anew.",
)
_ASK = Words(
    "Giữ nguyên cả hai bên, sao lưu, và đối chiếu với điểm kiểm chứng mà kiểm toán đang giữ; `ketluan repair --trust "
    "log` hoặc `--trust ledger` chỉ dùng khi đã biết bên nào đúng.",
    "Keep both sides as they are, back them up, and compare with a checkpoint that an auditor holds; use `ketluan "
    "repair --trust log` or `--trust ledger` only once it is known which side is right.",
)
_BACKUP = Words(
    "Khôi phục từ bản sao lưu có trước lần hư hỏng; đừng ghi đè lên dữ liệu hiện có.",
    "Restore a backup from before the damage; do not overwrite what is there now.",
)

WORDS = {
    Kind.LOG_MISSING: _told("Không còn luồng sự kiện.", "The log's stream is gone."),
    Kind.LOG_RECREATED: _told(
        "Luồng sự kiện đã bị xoá và tạo lại: không phải luồng mà sổ cái được chép từ đó.",
        "The stream was deleted and made anew: it is not the one that the ledger was copied from.",
    ),
    Kind.LOG_SETTINGS: Words(
        "Thiết lập của luồng sự kiện đã bị thay đổi. Đặt lại như `ketluan migrate` tạo ra.",
        "The stream's settings were changed. Set them back to what `ketluan migrate` makes.",
    ),
    Kind.GAP_IN_LOG: _told("Nhật ký thiếu sự kiện mà sổ cái có.", "The log lacks events that the ledger has."),
    Kind.TRUNCATED_LOG: _told(
        "Nhật ký bị cắt ngắn hoặc là bản sao lưu cũ: nó kết thúc trước sổ cái.",
        "The log was truncated, or is an old backup: it ends before the ledger does.",
    ),
    Kind.ALTERED_IN_LOG: _told("Sự kiện trong nhật ký đã bị sửa.", "Events were altered in the log."),
    Kind.GAP_IN_LEDGER: _told("Sổ cái thiếu sự kiện mà nhật ký có.", "The ledger lacks events that the log has."),
    Kind.ALTERED_IN_LEDGER: _told("Sự kiện trong sổ cái đã bị sửa.", "Events were altered in the ledger."),
    Kind.ALTERED_LEAF: _told(
        "Mã băm của sự kiện trong sổ cái đã bị sửa.", "Leaf hashes of events were altered in the ledger."
    ),
    Kind.ALTERED_TIME: _told(
        "Thời điểm ghi của sự kiện không còn như ban đầu.",
        "The time at which events were stored is not the first one.",
    ),
    Kind.UNDECIDED: _told(
        "Nhật ký và sổ cái khác nhau, và không có gì cho biết bên nào đúng.",
        "Log and ledger differ, and nothing tells which is right.",
        _ASK,
    ),
    Kind.LOST: _told(
        "Sự kiện không còn nguyên vẹn ở bên nào.", "The events are whole on neither side.", _BACKUP
    ),
    Kind.FALSE_TILE: _told("Ô băm trong sổ cái đã bị sửa.", "Tiles of the tree were altered in the ledger."),
    Kind.CONTRADICTED: _told(
        "Nhật ký và sổ cái giống nhau nhưng trái với điểm kiểm chứng đã ký: lịch sử đã bị viết lại ở cả hai bên, hoặc "
        "điểm kiểm chứng bị sửa.",
        "Log and ledger agree but contradict a signed checkpoint: history was rewritten on both sides, or the "
        "checkpoint was altered.",
        _BACKUP,
    ),
    Kind.ROLLED_BACK: _told(
        "Cả nhật ký và sổ cái đều kết thúc trước một điểm kiểm chứng đã ký: cả hai là bản sao lưu cũ.",
        "Log and ledger both end before a signed checkpoint: both are an old backup.",
        _BACKUP,
    ),
    Kind.UNSIGNED: _told(
        "Điểm kiểm chứng trong sổ cái không mang chữ ký của khoá đã công bố.",
        "A checkpoint in the ledger is not signed by a key that was made known.",
    ),
    Kind.LOST_CHECKPOINT: Words(
        "Sổ cái thiếu điểm kiểm chứng mà nhật ký đã ghi, như sau khi khôi phục bản sao lưu hay chuyển nơi. `ketluan "
        "checkpoint issue` chép lại khi đã có khoá ký; không có khoá thì dừng các dịch vụ rồi chạy `ketluan repair`.",
        "The ledger lacks a checkpoint that the log tells of, as after restoring a backup or moving. `ketluan "
        "checkpoint issue` puts it back where the signing key is there; else stop the services, then run `ketluan "
        "repair`.",
    ),
    Kind.REGISTER: _told(
        "Sổ theo dõi khác với những gì các sự kiện cho thấy.",
        "The register is not what the events make of it.",
    ),
    Kind.WITNESS_MISSING: _told("Nhân chứng không giữ bản sao nào.", "The witness keeps no copy.", _WITNESS),
    Kind.WITNESS_SETTINGS: _told(
        "Thiết lập của bản sao ở nhân chứng đã bị thay đổi.",
        "The settings of the witness's copy were changed.",
        _WITNESS,
    ),
    Kind.GAP_IN_WITNESS: _told(
        "Bản sao ở nhân chứng thiếu sự kiện mà sổ cái có.", "The witness lacks events that the ledger has.", _WITNESS
    ),
    Kind.WITNESS_AHEAD: _told(
        "Cả nhật ký và sổ cái đều kết thúc trước bản sao ở nhân chứng: sự kiện đã bị cắt ở cả hai bên, hoặc cả hai là "
        "bản sao lưu cũ.",
        "Log and ledger both end before the witness's copy: events were cut off on both sides, or both are an old "
        "backup.",
        _BACKUP,
    ),
    Kind.WITNESS_DIFFERS: _told(
        "Nhân chứng giữ sự kiện khác với sổ cái: một trong hai bên đã bị viết lại. Nhân chứng là nơi không ai của cơ "
        "quan ghi được.",
        "The witness has other events than the ledger: one of them was rewritten, and nobody of the organisation can "
        "write at the witness.",
        _BACKUP,
    ),
}  # fmt: skip
"""What each kind means and what to do, for people."""
