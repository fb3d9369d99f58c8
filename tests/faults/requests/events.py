"""Every new event of the log against the table of permissions: who asked for it, and might they?"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence

from shared.events.client import Scope
from shared.events.envelope import Envelope
from shared.identity.caller import Caller, CallerRole
from shared.identity.permissions import Permission, allowed
from tests.faults.requests.town import Asker

_KNOWN_WITHIN = dt.timedelta(seconds=3)
_NEEDED: Mapping[str, tuple[Permission, ...]] = {
    "MeetingConcluded": ("publish-conclusions",),
    "SubmissionAccepted": ("publish-conclusions",),
    "ConclusionHeld": ("publish-conclusions",),
    "ConclusionIdentified": ("publish-conclusions", "correct-conclusions"),
    "ConclusionCorrected": ("correct-conclusions",),
    "ConclusionReviewed": ("review-conclusions",),
    "ConclusionRevoked": ("revoke-conclusions",),
    "TaskAssigned": ("publish-conclusions", "correct-conclusions"),
    "TaskAcknowledged": ("acknowledge",),
    "ProgressReported": ("report-progress",),
    "CompletionSubmitted": ("submit-completion",),
    "CompletionAccepted": ("accept-completion",),
    "CompletionReturned": ("return-completion",),
    "ExtensionRequested": ("request-extension",),
    "ExtensionGranted": ("grant-extension",),
    "ExtensionRefused": ("refuse-extension",),
    "CommentAdded": ("comment",),
    "DueDateSet": ("set-deadline", "correct-conclusions"),
    "TaskReassigned": ("reassign", "correct-conclusions"),
    "CooperatorsChanged": ("change-cooperators", "correct-conclusions"),
    "ReminderIssued": ("remind",),
    "TaskCancelled": ("cancel", "revoke-conclusions", "correct-conclusions"),
    "TaskReopened": ("reopen", "correct-conclusions"),
    "CheckpointIssued": ("issue-checkpoints",),
    "CheckpointKeyCreated": ("issue-checkpoints",),
    "NotificationRead": ("mark-notifications",),
    "NotificationAcknowledged": ("mark-notifications",),
    "NotificationResent": ("resend-notifications",),
    "NotificationBounced": ("change-contacts",),
    "PreferencesChanged": ("change-preferences",),
    "WatchBegun": ("change-preferences",),
    "WatchEnded": ("change-preferences",),
    "UnitFloorSet": ("change-floors",),
    **dict.fromkeys(
        ("WebhookRegistered", "WebhookDisabled", "WebhookEnabled", "WebhookReplayRequested", "WebhookSecretRotated"),
        ("manage-webhooks",),
    ),
    **dict.fromkeys(
        (
            *("UnitRegistered", "UnitAliasAdded", "UnitAliasRemoved", "UnitClassAdded", "UnitClassRemoved"),
            *("UnitClosed", "UnitMoved", "UnitRenamed"),
        ),
        ("change-units", "change-people"),
    ),
    **dict.fromkeys(
        ("PersonRegistered", "PersonPlaced", "PersonLeft", "RoleGranted", "RoleRevoked", "PersonalDataErased"),
        ("change-people",),
    ),
    **dict.fromkeys(("ClientRegistered", "ClientKeyIssued", "ClientKeyRevoked", "ClientClosed"), ("manage-clients",)),
}
_OWN = {"SignedOut", "SessionsEnded"}
"""What everybody may do with their own session."""

_SIGNIN_LINK = "SigninLinkIssued"
"""Anybody may have a link sent to somebody's own address; it is for that person alone."""


def unauthorised(events: Sequence[Envelope], first_new: int, askers: Mapping[str, Asker]) -> list[str]:
    """What was done without authority by the events from `first_new` on. `askers` are by their requests' ids.

    Authority is what the log itself says of people and programs at that moment, and some seconds before: that is how
    long a service may take to hear of it.
    """
    held = _Held()
    found = []
    for place, event in enumerate(events):
        if place >= first_new:
            found += [f"{event.type} of {event.actor}: {why}" for why in _doubts(event, askers, held)]
        held.apply(event)
    return found


def _doubts(event: Envelope, askers: Mapping[str, Asker], held: "_Held") -> list[str]:
    kind = event.type.split(".")[1]
    asker = askers.get(event.correlationid)
    if event.actor.startswith("service."):
        return []
    if asker is None:
        return ["nobody asked for it"]
    if kind == _SIGNIN_LINK:
        return []
    if asker.actor != event.actor:
        return [f"{asker.name} asked for it"]
    if kind in _OWN:
        return []
    needed = _NEEDED.get(kind, ())
    caller = held.caller(event.actor, event.at())
    return [] if any(allowed(caller, each) for each in needed) else [f"needs one of {needed}, has {caller.roles}"]


class _Held:
    """Roles and scopes by actor, with the time at which they ended, if they did."""

    def __init__(self) -> None:
        self._roles: dict[str, dict[CallerRole, dt.datetime | None]] = defaultdict(dict)
        self._scopes: dict[str, frozenset[Scope]] = {}

    def apply(self, event: Envelope) -> None:
        kind, data = event.type.split(".")[1], event.data
        if kind == "RoleGranted":
            self._roles[f"person.{data['person_id']}"][data["role"]] = None
        elif kind == "RoleRevoked":
            self._roles[f"person.{data['person_id']}"][data["role"]] = event.at()
        elif kind == "ClientRegistered":
            actor = f"client.{data['client_id']}"
            self._roles[actor]["integration"] = None
            self._scopes[actor] = frozenset(data["scopes"])

    def caller(self, actor: str, at: dt.datetime) -> Caller:
        roles = {role for role, end in self._roles[actor].items() if end is None or at - end < _KNOWN_WITHIN}
        return Caller(actor, actor, roles=frozenset(roles), scopes=self._scopes.get(actor, frozenset()))
