"""Hands a mail that came back on to the installation, for a mail server's pipe."""

import os
import sys

import httpx
import typer

from deploy.commands.asking import TIMEOUT_SECONDS, NotTaken, answer

KEEP_AND_RETRY = 75
"""Tells the mail server to keep the mail and call again. Source: sysexits.h, EX_TEMPFAIL."""

_LARGEST = 1024 * 1024


def run_bounce() -> int:
    """Reads the mail from standard input and posts it; 0 where it was taken, whatever was made of it.

    Of a mail too large to be posted the beginning is enough: the report stands before what it is about.
    """
    content = sys.stdin.buffer.read(_LARGEST)
    url = os.environ.get("KETLUAN_PUBLIC_URL", "http://127.0.0.1:8080").rstrip("/")
    headers = {"Authorization": f"Bearer {os.environ.get('KETLUAN_API_KEY', '')}", "Content-Type": "message/rfc822"}
    try:
        with httpx.Client(base_url=url, headers=headers, timeout=TIMEOUT_SECONDS) as http:
            taken = answer(http, "POST", "/v1/bounces", content=content).json()["notifications"]
    except (NotTaken, httpx.HTTPError) as fault:
        typer.echo(f"Chưa chuyển được thư bị trả lại; máy chủ thư giữ lại và gửi lần nữa. {fault}", err=True)
        typer.echo(f"The mail was not handed on; the mail server keeps it and tries again. {fault}", err=True)
        return KEEP_AND_RETRY
    typer.echo(" ".join(taken))
    return 0
