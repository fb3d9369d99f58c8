"""Mail that came back, as mail servers report it."""

import base64
import time

import pytest

from services.notify.channels.mail.bounces import Bounce, bounce_of

DOMAIN = "haivan.example"
OPENING = b"Content-Type: multipart/report; boundary=a\n\n"
ADDRESS = "dung.pham@so.example"


def report(
    action: str = "failed",
    status: str = "5.1.1",
    *,
    envelope: str = "",
    returned: str = "Message-ID: <n-7@haivan.example>\nSubject: x\n",
    kind: str = "text/rfc822-headers",
) -> bytes:
    """A report as RFC 3464 describes it, with the words that Postfix writes."""
    return f"""\
Return-Path: <>
From: MAILER-DAEMON@mx.so.example (Mail Delivery System)
To: ketluan@haivan.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="cut"

--cut
Content-Type: text/plain; charset=us-ascii

<{ADDRESS}>: host mx.so.example said: 550 5.1.1 <{ADDRESS}>: Recipient address rejected

--cut
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.so.example
{envelope}Arrival-Date: Mon, 23 Nov 2026 09:00:00 +0700

Final-Recipient: rfc822; {ADDRESS}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <{ADDRESS}>: Recipient address rejected

--cut
Content-Type: {kind}

{returned}
--cut--
""".encode()


def test_a_mail_that_came_back_is_known_by_its_headers() -> None:
    assert bounce_of(report(), DOMAIN) == Bounce("n-7", "the mail came back: 5.1.1")


def test_a_mail_that_came_back_whole_is_known_as_well() -> None:
    whole = "Message-ID: <n-7@haivan.example>\nTo: x@y.example\n\nKính gửi\n"
    found = bounce_of(report(returned=whole, kind="message/rfc822"), DOMAIN)
    assert found == Bounce("n-7", "the mail came back: 5.1.1")


def test_a_mail_server_that_brings_back_the_envelope_id_need_bring_back_no_headers() -> None:
    found = bounce_of(report(envelope="Original-Envelope-Id: n-9\n", returned=""), DOMAIN)
    assert found == Bounce("n-9", "the mail came back: 5.1.1")


def test_what_is_kept_of_a_report_does_not_name_the_address() -> None:
    found = bounce_of(report(status=f"5.1.1 ({ADDRESS})"), DOMAIN)
    assert found is not None
    assert ADDRESS not in found.error


def test_a_report_without_a_code_is_one() -> None:
    assert bounce_of(report(status="unknown"), DOMAIN) == Bounce("n-7", "the mail came back: without a code")


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_a_report_of_a_mail_that_still_may_arrive_is_no_bounce(action: str) -> None:
    assert bounce_of(report(action), DOMAIN) is None


def test_a_report_about_somebody_elses_mail_is_none_of_ours() -> None:
    assert bounce_of(report(returned="Message-ID: <n-7@elsewhere.example>\n"), DOMAIN) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"Subject: Out of office\n\nI am away.",
        b"Content-Type: multipart/report; boundary=x\n\n--x\n\n--x--",
        b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\n\n--x--",
        b"Content-Type: multipart/report\n\nno parts",
    ],
)
def test_other_mail_is_no_bounce(content: bytes) -> None:
    assert bounce_of(content, DOMAIN) is None


def test_a_report_with_the_line_ends_of_mail_and_coded_parts_is_read() -> None:
    lines = report().replace(b"\n", b"\r\n")
    assert bounce_of(lines, DOMAIN) == Bounce("n-7", "the mail came back: 5.1.1")
    begin, end = lines.index(b"Reporting-MTA"), lines.index(b"\r\n--cut\r\nContent-Type: text/rfc822-headers")
    coded = lines[:begin].rstrip() + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    coded += base64.encodebytes(lines[begin:end]) + lines[end:]
    assert bounce_of(coded, DOMAIN) == Bounce("n-7", "the mail came back: 5.1.1")


def test_only_the_headers_of_what_came_back_name_it() -> None:
    quoted = "Subject: x\n\nMessage-ID: <n-7@haivan.example>\n"
    assert bounce_of(report(returned=quoted, kind="message/rfc822"), DOMAIN) is None


@pytest.mark.parametrize(
    "content",
    [
        OPENING + b"--a\nContent-Type: multipart/mixed; boundary=a\n\n" * 22_000,
        b"Content-Type: message/rfc822\n\n" * 32_000,
        b"Content-Type: multipart/report; boundary=a" + b";a" * 500_000 + b"\n\n--a\n",
        OPENING + b"--a\nContent-Type: message/delivery-status\n" + b"\n\n\n" * 330_000,
        b"Received: a\n" * 80_000,
        b"\n" * 1_000_000,
    ],
)  # fmt: skip
def test_a_mail_that_was_made_to_take_long_is_read_at_once(content: bytes) -> None:
    begun = time.process_time()
    assert bounce_of(content, DOMAIN) is None
    assert time.process_time() - begun < 2
