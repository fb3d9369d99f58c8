"""The part of the command line with which a person signs in here and out again."""

import sys
from typing import Annotated

import typer


def signin_command(
    link: Annotated[str, typer.Argument(metavar="[LINK]", help="Liên kết đăng nhập; bỏ trống để nhập vào.")] = "",
) -> None:
    """Đăng nhập bằng một liên kết dùng một lần; phiên chỉ chủ tài khoản trên máy này đọc được."""
    from deploy.commands.signin import run_signin

    if not link:
        link = typer.prompt("Liên kết (link)", hide_input=True) if sys.stdin.isatty() else sys.stdin.readline()
    raise typer.Exit(run_signin(link))


def signout_command() -> None:
    """Kết thúc phiên đăng nhập trên máy này, ở mọi dịch vụ."""
    from deploy.commands.signin import run_signout

    raise typer.Exit(run_signout())
