"""Which tasks a caller may see, by the table of permissions. Pure."""

from services.tasks.register.tasks import Sight
from shared.identity.caller import Caller
from shared.identity.permissions import Permission, reach


def sight(caller: Caller, permission: Permission = "read-tasks") -> Sight:
    """The caller's units where their permission ends with these; None where it goes further."""
    return None if reach(caller, permission) == "all" else caller.unit_ids
