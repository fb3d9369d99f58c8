"""The part of the command line that a mail server calls with what it could not deliver."""

import typer


def bounce_command() -> None:
    """Nhận một thư bị trả lại từ đầu vào chuẩn, như máy chủ thư chuyển đến (KETLUAN_API_KEY, KETLUAN_PUBLIC_URL)."""
    from deploy.commands.bounce import run_bounce

    raise typer.Exit(run_bounce())
