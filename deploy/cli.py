"""The command line: `ketluan run`, `ketluan migrate`, `ketluan directory import`, `ketluan replay`.

Each command imports what it needs when it is called, so that none waits for the libraries of another.
"""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="ketluan: kết luận cuộc họp thành nhiệm vụ có người chịu trách nhiệm.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

REFUSED = 2
"""Exit code of whatever did not begin and harmed nothing."""


@app.callback()
def prepare() -> None:
    """Vietnamese is written whatever the terminal's locale says."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def refuse(vi: str, en: str) -> typer.Exit:
    """Says why nothing was done, in both languages on standard error, and gives the exit to raise."""
    typer.echo(vi, err=True)
    typer.echo(en, err=True)
    return typer.Exit(REFUSED)


@app.command("run")
def run_command(
    data: Annotated[Path, typer.Option(envvar="KETLUAN_DATA", help="Thư mục dữ liệu.")] = Path(".ketluan"),
    port: Annotated[str, typer.Option(envvar="KETLUAN_PORT", help="Cổng trên 127.0.0.1.")] = "8080",
    notice: Annotated[
        Path | None, typer.Option(envvar="NOTICE", help="Tệp thông báo kết luận (văn bản) để gửi vào.")
    ] = None,
    once: Annotated[str, typer.Option(envvar="ONCE", help="1: in các bảng rồi dừng.")] = "",
) -> None:
    """Chạy tất cả trên máy này, cho đến khi bấm Ctrl-C."""
    from rich.console import Console

    from deploy.embedded.refusal import UNUSABLE_PORT, CannotStart

    if not port.isdecimal() or not 1 <= int(port) <= 65535:
        raise refuse(UNUSABLE_PORT.to("vi", port=port), UNUSABLE_PORT.to("en", port=port))

    from deploy.embedded.run import Wishes, run

    wishes = Wishes(data, int(port), notice, once.lower() not in {"", "0", "false", "no"})
    try:
        code = asyncio.run(run(wishes, Console(width=None if sys.stdout.isatty() else 120)))
    except CannotStart as refusal:
        raise refuse(refusal.words.to("vi", **refusal.values), refusal.words.to("en", **refusal.values)) from refusal
    raise typer.Exit(code)


if __name__ == "__main__":
    app()
