"""What the table of permissions promises, whatever its rows."""

from typing import get_args

import pytest

from shared.identity.caller import Caller, CallerRole
from shared.identity.permissions import PERMISSIONS, ROLES, Permission, allowed, reach, who_may
from shared.identity.refusals import NotAllowed
from shared.vocabulary import PERMISSIONS as WORDS
from shared.vocabulary import ROLES as ROLE_WORDS

READING = {permission for permission in PERMISSIONS if permission.startswith("read-")}


def somebody(*roles: CallerRole) -> Caller:
    return Caller("person.lan", "Trần Thị Lan", "lan", frozenset(roles))


def test_every_permission_has_a_row_and_a_name_and_every_role_too() -> None:
    assert set(PERMISSIONS) == set(get_args(Permission)) == set(WORDS)
    assert set(ROLES) == set(ROLE_WORDS)


def test_an_auditor_reads_everything_and_changes_nothing_but_what_is_their_own() -> None:
    may = {permission for permission, row in PERMISSIONS.items() if row.auditor}

    assert may == READING | {"verify-record", "issue-checkpoints", "change-preferences", "mark-notifications"}
    assert {reach(somebody("auditor"), each) for each in ("change-preferences", "mark-notifications")} == {"own"}
    assert all(allowed(somebody("auditor"), permission, "all") for permission in READING)


def test_an_administrator_decides_nothing_about_tasks() -> None:
    may = {permission for permission, row in PERMISSIONS.items() if row.administrator}

    assert may - READING == {
        "change-contacts",
        "change-preferences",
        "mark-notifications",
        "change-floors",
        "resend-notifications",
        "manage-webhooks",
        "verify-record",
        "issue-checkpoints",
        "change-units",
        "change-people",
        "manage-clients",
    }


def test_a_refusal_of_what_is_another_persons_alone_says_that_it_is() -> None:
    for permission in ("mark-notifications", "change-preferences"):
        assert who_may(permission, "all") == ()
        told = NotAllowed("Trần Thị Lan", permission, "all")
        assert "Người có quyền: chỉ chính người đó;" in told.told("vi")["detail"]
        assert "Who may: only the person in question;" in told.told("en")["detail"]


def test_nobody_without_a_role_may_do_anything() -> None:
    assert not [permission for permission in PERMISSIONS if allowed(somebody(), permission)]


def test_a_program_may_only_what_its_scopes_say() -> None:
    program = Caller("client.van-thu", "Văn thư", roles=frozenset({"integration"}), scopes=frozenset({"tasks:read"}))

    may = {permission for permission in PERMISSIONS if allowed(program, permission)}

    reads = {"read-meetings", "read-conclusions", "read-documents", "read-tasks", "read-children", "read-descriptions"}
    assert may == reads


def test_no_program_decides_over_units() -> None:
    decided = ("accept-completion", "return-completion", "grant-extension", "cancel", "reassign", "set-deadline")

    assert not [permission for permission in decided if PERMISSIONS[permission].integration]  # type: ignore[index]


def test_of_several_roles_the_one_that_reaches_furthest_counts() -> None:
    assert reach(somebody("staff"), "read-tasks") == "involved"
    assert reach(somebody("staff", "office"), "read-tasks") == "all"


@pytest.mark.parametrize(("needed", "may"), [("responsible", True), ("involved", True), ("all", False)])
def test_staff_report_on_what_their_unit_is_involved_in_and_on_nothing_else(needed: str, may: bool) -> None:
    assert allowed(somebody("staff"), "report-progress", needed) is may  # type: ignore[arg-type]


def test_a_refusal_can_name_who_could_help() -> None:
    assert who_may("accept-completion") == ("office", "leader")
    assert who_may("read-inbox", "all") == ("auditor", "integration")
