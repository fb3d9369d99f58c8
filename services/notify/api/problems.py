"""What several of notify's routes say when they refuse."""

from shared.language import Words

LOG_AWAY = Words("Không nối được tới sổ ghi sự kiện (NATS).", "The event log (NATS) does not answer.")

INBOX_ALWAYS = Words(
    "hộp tin luôn nhận mọi tin, không chọn được",
    "the inbox always holds every notification and cannot be chosen",
)
