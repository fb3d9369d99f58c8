"""What each role may do: one table, by which every route and every command is decided. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from shared.events.client import Scope
from shared.identity.caller import Caller, CallerRole

Reach = Literal["own", "responsible", "involved", "all"]
"""How far a permission goes, each step further than the one before.

own:         what is the person's own, such as their inbox
responsible: tasks for which the person's unit, or one below it, is responsible
involved:    these, and tasks in which such a unit co-operates
all:         everything
"""

_STEPS: tuple[Reach, ...] = get_args(Reach)

Permission = Literal[
    "publish-conclusions",
    "correct-conclusions",
    "review-conclusions",
    "revoke-conclusions",
    "read-meetings",
    "read-conclusions",
    "read-documents",
    "read-tasks",
    "acknowledge",
    "report-progress",
    "submit-completion",
    "request-extension",
    "comment",
    "attach",
    "accept-completion",
    "return-completion",
    "grant-extension",
    "refuse-extension",
    "set-deadline",
    "reassign",
    "change-cooperators",
    "remind",
    "cancel",
    "reopen",
    "read-log",
    "read-parked",
    "issue-checkpoints",
    "verify-record",
    "read-evidence",
    "read-inbox",
    "mark-notifications",
    "read-notifications",
    "change-contacts",
    "change-preferences",
    "change-floors",
    "read-deliveries",
    "resend-notifications",
    "read-reminders",
    "manage-webhooks",
    "read-directory",
    "change-units",
    "change-people",
    "manage-clients",
    "read-health",
    "read-children",
    "read-descriptions",
]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table: how far each role reaches (None: it may not), and the scope that a program needs."""

    staff: Reach | None = None
    unit_lead: Reach | None = None
    office: Reach | None = None
    leader: Reach | None = None
    auditor: Reach | None = None
    administrator: Reach | None = None
    integration: Reach | None = None
    scope: Scope | None = None

    def reach(self, role: CallerRole) -> Reach | None:
        """How far one role reaches."""
        found: Reach | None = getattr(self, role)
        return found


ROLES: tuple[CallerRole, ...] = (
    "staff",
    "unit_lead",
    "office",
    "leader",
    "auditor",
    "administrator",
    "integration",
)
"""The columns of the table, in the order of its rows below."""

# fmt: off
PERMISSIONS: Mapping[Permission, Row] = {
    #                           staff          unit_lead      office leader auditor admin. program
    # notices
    "publish-conclusions":  Row(None,          None,          "all", None,  None,   None,  "all", "conclusions:write"),
    "correct-conclusions":  Row(None,          None,          "all", None,  None,   None,  "all", "conclusions:write"),
    "review-conclusions":   Row(None,          None,          "all", None,  None,   None,  None),
    "revoke-conclusions":   Row(None,          None,          "all", None,  None,   None,  None),
    "read-meetings":        Row("involved",    "involved",    "all", "all", "all",  "all", "all", "tasks:read"),
    "read-conclusions":     Row(None,          None,          "all", "all", "all",  "all", "all", "tasks:read"),
    "read-documents":       Row("involved",    "involved",    "all", "all", "all",  "all", "all", "tasks:read"),
    # tasks: what a unit does with those that it was given
    "read-tasks":           Row("involved",    "involved",    "all", "all", "all",  "all", "all", "tasks:read"),
    "acknowledge":          Row("responsible", "responsible", None,  None,  None,   None,  "all", "tasks:write"),
    "report-progress":      Row("involved",    "involved",    None,  None,  None,   None,  "all", "tasks:write"),
    "submit-completion":    Row("responsible", "responsible", None,  None,  None,   None,  "all", "tasks:write"),
    "request-extension":    Row("responsible", "responsible", None,  None,  None,   None,  "all", "tasks:write"),
    "comment":              Row("involved",    "involved",    "all", "all", None,   None,  "all", "tasks:write"),
    "attach":               Row("involved",    "involved",    "all", "all", None,   None,  "all", "tasks:write"),
    # tasks: what is decided over the units; no program decides
    "accept-completion":    Row(None,          None,          "all", "all", None,   None,  None),
    "return-completion":    Row(None,          None,          "all", "all", None,   None,  None),
    "grant-extension":      Row(None,          None,          "all", "all", None,   None,  None),
    "refuse-extension":     Row(None,          None,          "all", "all", None,   None,  None),
    "set-deadline":         Row(None,          None,          "all", "all", None,   None,  None),
    "reassign":             Row(None,          None,          "all", "all", None,   None,  None),
    "change-cooperators":   Row(None,          None,          "all", "all", None,   None,  None),
    "remind":               Row(None,          None,          "all", "all", None,   None,  None),
    "cancel":               Row(None,          None,          "all", "all", None,   None,  None),
    "reopen":               Row(None,          None,          "all", "all", None,   None,  None),
    # the record as a whole
    "read-log":             Row(None,          None,          "all", "all", "all",  "all", "all", "events:read"),
    "read-parked":          Row(None,          None,          "all", None,  "all",  "all", "all", "events:read"),
    "issue-checkpoints":    Row(None,          None,          "all", None,  "all",  "all", None),
    "verify-record":        Row(None,          None,          "all", None,  "all",  "all", None),
    "read-evidence":        Row(None,          None,          "all", "all", "all",  None,  "all", "events:read"),
    # people
    "read-inbox":           Row("own",         "own",         "own", "own", "all",  "own", "all", "notifications:read"),
    "mark-notifications":   Row("own",         "own",         "own", "own", "own",  "own", None),
    "read-notifications":   Row(None,          None,          "all", "all", "all",  "all", "all", "notifications:read"),
    "change-contacts":      Row("own",         "own",         "own", "own", None,   "all", "all", "directory:write"),
    "change-preferences":   Row("own",         "own",         "own", "own", "own",  "own", None),
    "change-floors":        Row(None,          "responsible", "all", None,  None,   "all", None),
    "read-deliveries":      Row(None,          None,          "all", None,  "all",  "all", "all", "notifications:read"),
    "resend-notifications": Row(None,          None,          "all", None,  None,   "all", None),
    "read-reminders":       Row("involved",    "involved",    "all", "all", "all",  "all", None),
    "manage-webhooks":      Row(None,          None,          None,  None,  None,   "all", "all", "webhooks:write"),
    # the directory and the system
    "read-directory":       Row(None,          None,          "all", "all", "all",  "all", None),
    "change-units":         Row(None,          None,          "all", None,  None,   "all", None),
    "change-people":        Row(None,          None,          None,  None,  None,   "all", None),
    "manage-clients":       Row(None,          None,          None,  None,  None,   "all", None),
    "read-health":          Row(None,          None,          "all", None,  "all",  "all", None),
    "read-children":        Row(None,          None,          "all", "all", "all",  None,  "all", "tasks:read"),
    # the descriptions of routes and events
    "read-descriptions":    Row("all",         "all",         "all", "all", "all",  "all", "all"),
}
# fmt: on


def reach(caller: Caller, permission: Permission) -> Reach | None:
    """How far a caller's permission goes at most, by any of their roles; None where they have none."""
    row = PERMISSIONS[permission]
    found = [
        step
        for role in caller.roles
        if (step := row.reach(role)) and (role != "integration" or row.scope is None or row.scope in caller.scopes)
    ]
    return max(found, key=_STEPS.index, default=None)


def allowed(caller: Caller, permission: Permission, needed: Reach = "own") -> bool:
    """Whether a caller's permission goes at least as far as `needed`.

    What is needed for a task is "responsible" where the caller's units are responsible for it, "involved" where they
    only co-operate, and "all" where it is none of theirs; for what is one's own it is "own".
    """
    found = reach(caller, permission)
    return found is not None and _STEPS.index(found) >= _STEPS.index(needed)


def who_may(permission: Permission, needed: Reach = "own") -> tuple[CallerRole, ...]:
    """The roles whose permission goes at least as far as `needed`, in the order of the table."""
    row = PERMISSIONS[permission]
    return tuple(role for role in ROLES if (step := row.reach(role)) and _STEPS.index(step) >= _STEPS.index(needed))
