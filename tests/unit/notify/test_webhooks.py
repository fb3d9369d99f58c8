"""Signatures, payloads, answers and sealed secrets of webhooks."""

import base64
import datetime as dt
import json
from zoneinfo import ZoneInfo

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from services.notify.egress import Answer
from services.notify.webhooks.payload import POSTABLE, payload, postable
from services.notify.webhooks.schedule import PAUSES, judged, pause
from services.notify.webhooks.sealing import Sealing, Unsealable
from services.notify.webhooks.signing import Secret, headers
from shared.events.webhook import WebhookDelivered
from tests.examples import assigned, envelope

SECRET, FORMER = Secret.new(), Secret.new()


def test_another_projects_library_accepts_a_signature_and_refuses_a_changed_body() -> None:
    body = '{"type":"ketluan.TaskAssigned.v1","note":"Hải Vân"}'.encode()
    signed = headers("4c1f", dt.datetime.now(dt.UTC), body, [SECRET])
    assert Webhook(SECRET.shown).verify(body, signed)["note"] == "Hải Vân"
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET.shown).verify(body.replace(b"Assigned", b"Cancelled"), signed)
    with pytest.raises(WebhookVerificationError):
        Webhook(FORMER.shown).verify(body, signed)


def test_local_time_signs_as_the_same_moment() -> None:
    now = dt.datetime.now(ZoneInfo("Asia/Ho_Chi_Minh"))
    assert Webhook(SECRET.shown).verify(b"{}", headers("m", now, b"{}", [SECRET])) == {}


def test_the_public_key_proves_who_sent() -> None:
    signed = headers("4c1f", dt.datetime.now(dt.UTC), b"{}", [SECRET])
    signature = signed["webhook-signature"].split()[1].removeprefix("v1a,")
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(SECRET.public_key.removeprefix("whpk_")))
    key.verify(base64.b64decode(signature), f"4c1f.{signed['webhook-timestamp']}.{{}}".encode())


def test_while_secrets_change_either_is_accepted() -> None:
    signed = headers("m", dt.datetime.now(dt.UTC), b"{}", [SECRET, FORMER])
    assert [each.partition(",")[0] for each in signed["webhook-signature"].split()] == ["v1", "v1a", "v1", "v1a"]
    for secret in (SECRET, FORMER):
        assert Webhook(secret.shown).verify(b"{}", signed) == {}


def test_a_payload_holds_ids_and_no_words() -> None:
    data = assigned("one", text="Nội dung mật.", lead={"name": "Lê Minh Châu"})
    posted = json.loads(payload(envelope(f"task.{data.task_id}", data), 17, "https://ketluan.example"))
    assert posted["data"] == {
        "sequence": 17,
        "task_id": data.task_id,
        "meeting_id": data.meeting_id,
        "directive_id": data.directive_id,
        "unit_id": "van-phong",
    }
    assert posted["dataref"] == f"https://ketluan.example/v1/tasks/{data.task_id}"
    assert posted["timestamp"] == posted["time"] == "2026-11-20T02:30:00Z"
    assert not {"Nội dung mật.", "Lê Minh Châu", "Văn phòng Sở"} & set(
        json.dumps(posted, ensure_ascii=False).split('"')
    )


def test_a_payload_stays_small_however_long_the_event_is() -> None:
    data = assigned("long", text="x" * 20_000)
    assert len(payload(envelope(f"task.{data.task_id}", data), 2**53, "https://ketluan.example")) < 2_000


def test_what_becomes_of_webhooks_is_never_posted() -> None:
    assert postable(WebhookDelivered(webhook_id="w", event_id="e", status=200, attempts=1)) is None
    assert postable(assigned("one")) == "TaskAssigned"
    assert {"MeetingConcluded", "TaskCancelled"} <= set(POSTABLE)


def test_ten_attempts_take_three_days() -> None:
    waited = [pause(attempt, PAUSES, 0.5) for attempt in range(1, 11)]
    assert waited[-1] is None
    assert 75 <= sum(each or 0 for each in waited) / 3600 <= 77


@given(st.integers(1, len(PAUSES)), st.floats(0, 1), st.floats(0, 1e6))
def test_a_pause_is_spread_by_a_tenth_and_respects_what_the_endpoint_asks(
    attempt: int, chance: float, asked: float
) -> None:
    found = pause(attempt, PAUSES, chance, asked)
    assert found is not None
    assert found >= min(asked, PAUSES[-1])
    assert PAUSES[attempt - 1] * 0.9 <= found <= max(PAUSES[attempt - 1] * 1.1, min(asked, PAUSES[-1])) + 1e-6


@pytest.mark.parametrize(
    ("status", "meaning"),
    [(200, "taken"), (204, "taken"), (301, "refused"), (400, "refused"), (410, "gone"), (429, "away"), (500, "refused"),
     (503, "away")],
)  # fmt: skip
def test_what_an_answer_means(status: int, meaning: str) -> None:
    assert judged(Answer(status)).meaning == meaning


def test_a_secret_is_opened_by_its_own_installation_for_its_own_endpoint_alone() -> None:
    ours = Sealing("a key of an installation that is long")
    sealed = ours.seal("one", SECRET)
    assert SECRET.content not in sealed
    assert ours.open("one", sealed) == SECRET
    with pytest.raises(Unsealable):
        ours.open("two", sealed)
    with pytest.raises(Unsealable):
        Sealing("a key of another installation, as long").open("one", sealed)


def test_a_secret_is_not_written_by_chance() -> None:
    assert SECRET.shown not in repr(SECRET)
