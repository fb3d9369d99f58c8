"""What happens to a person's place in the organisation. Contact details never enter the log."""

from typing import ClassVar, Literal

from shared.events.fields import Fields, Name, Statement, Token

Role = Literal["staff", "unit_lead", "office", "leader", "auditor", "administrator"]
"""What a person may be: staff and lead of their unit, office (follows up), leader, auditor, administrator."""


class PersonRegistered(Fields):
    """The directory knows a person."""

    type: ClassVar[str] = "ketluan.PersonRegistered.v1"

    person_id: Token
    name: Name


class PersonPlaced(Fields):
    """The person belongs to this unit from now on, in this position."""

    type: ClassVar[str] = "ketluan.PersonPlaced.v1"

    person_id: Token
    unit_id: Token
    position: Name | None = None


class RoleGranted(Fields):
    """The person holds this role from now on."""

    type: ClassVar[str] = "ketluan.RoleGranted.v1"

    person_id: Token
    role: Role


class RoleRevoked(Fields):
    """The person no longer holds this role."""

    type: ClassVar[str] = "ketluan.RoleRevoked.v1"

    person_id: Token
    role: Role


class PersonLeft(Fields):
    """The person no longer belongs to the organisation: they hold no role and may not sign in."""

    type: ClassVar[str] = "ketluan.PersonLeft.v1"

    person_id: Token


class PersonalDataErased(Fields):
    """What is kept of a person who left, and is no part of the record, is gone: addresses, browsers, calendar, choices
    and watches, and letters that wait. Whoever keeps any of it forgets what is older than this event."""

    type: ClassVar[str] = "ketluan.PersonalDataErased.v1"

    person_id: Token
    reason: Statement


class SigninLinkIssued(Fields):
    """Somebody was given a link with which this person signs in once: the actor, who hands it over."""

    type: ClassVar[str] = "ketluan.SigninLinkIssued.v1"

    person_id: Token


class SessionsEnded(Fields):
    """Every session of the person that began before this is worth nothing."""

    type: ClassVar[str] = "ketluan.SessionsEnded.v1"

    person_id: Token
