"""What pages alone have to call by a name; the rest of the names stand in `shared/vocabulary.py`."""

from collections.abc import Mapping

from shared.deadline_rules import RULES as RULES
from shared.language import Words

ACTORS: Mapping[str, Words] = {
    "service.notify": Words("dịch vụ báo tin", "the notification service"),
    "service.tasks": Words("dịch vụ nhiệm vụ", "the tasks service"),
    "service.directory": Words("người nhập danh bạ", "whoever imported the directory"),
    "service.administration": Words("quản trị hệ thống", "an administrator"),
}
"""Who acted, where it was a part of ketluan."""
