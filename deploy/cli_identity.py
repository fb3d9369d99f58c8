"""The part of the command line that says who may come in: links, sessions, programs and their keys."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.exit_codes import REFUSED

DataOption = Annotated[Path, typer.Option("--data", envvar="KETLUAN_DATA", help="Thư mục dữ liệu.")]
DEFAULT_DATA = Path(".ketluan")
PersonArgument = Annotated[str, typer.Argument(help="Mã của người trong danh bạ.")]
ClientArgument = Annotated[str, typer.Argument(help="Mã của hệ thống kết nối: chữ, số, - hoặc _.")]
ReasonOption = Annotated[str, typer.Option(help="Lý do, được ghi vào sổ.")]

sessions = typer.Typer(help="Phiên đăng nhập của cán bộ.", no_args_is_help=True)
person = typer.Typer(help="Dữ liệu cá nhân của cán bộ.", no_args_is_help=True)
client = typer.Typer(help="Hệ thống kết nối (chương trình) và khoá truy cập của chúng.", no_args_is_help=True)


def signin_link_command(person: PersonArgument, data: DataOption = DEFAULT_DATA) -> None:
    """In một liên kết đăng nhập dùng một lần cho một người trong danh bạ."""
    from deploy.commands.identity import run_signin_link

    raise typer.Exit(run_signin_link(person, data))


@sessions.command("end")
def end_sessions_command(person: PersonArgument, data: DataOption = DEFAULT_DATA) -> None:
    """Kết thúc mọi phiên đăng nhập của một người, ở mọi dịch vụ."""
    from deploy.commands.identity import run_end_sessions

    raise typer.Exit(run_end_sessions(person, data))


@person.command("erase")
def erase_command(person_id: PersonArgument, reason: ReasonOption, data: DataOption = DEFAULT_DATA) -> None:
    """Xoá dữ liệu cá nhân không thuộc sổ ghi của một người đã rời cơ quan; việc xoá và lý do được ghi vào sổ."""
    from deploy.commands.identity import run_erase

    raise typer.Exit(run_erase(person_id, reason, data))


@client.command("register")
def register_command(
    client_id: ClientArgument,
    name: Annotated[str, typer.Option(help="Tên để người đọc nhận ra.")],
    scope: Annotated[list[str], typer.Option(help="Việc được làm; lặp lại tuỳ chọn này cho từng việc.")],
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Ghi nhận một hệ thống kết nối."""
    from deploy.commands.identity import SCOPES, run_register

    if unknown := sorted(set(scope) - set(SCOPES)):
        typer.echo(f"Không có việc {', '.join(unknown)}; chọn trong: {', '.join(SCOPES)}.", err=True)
        typer.echo(f"There is no scope {', '.join(unknown)}; take some of: {', '.join(SCOPES)}.", err=True)
        raise typer.Exit(REFUSED)
    raise typer.Exit(run_register(client_id, name, scope, data))


@client.command("issue-key")
def issue_key_command(
    client_id: ClientArgument,
    days: Annotated[int, typer.Option(min=1, max=3650, help="Số ngày khoá có giá trị.")] = 365,
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Cấp một khoá truy cập; khoá chỉ hiện một lần."""
    from deploy.commands.identity import run_issue_key

    raise typer.Exit(run_issue_key(client_id, days, data))


@client.command("revoke-key")
def revoke_key_command(
    client_id: ClientArgument,
    key_id: Annotated[str, typer.Argument(help="Mã của khoá, phần đứng sau klk_.")],
    reason: ReasonOption,
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Thu hồi một khoá ở mọi dịch vụ."""
    from deploy.commands.identity import run_revoke_key

    raise typer.Exit(run_revoke_key(client_id, key_id, reason, data))


@client.command("close")
def close_command(client_id: ClientArgument, reason: ReasonOption, data: DataOption = DEFAULT_DATA) -> None:
    """Đóng một hệ thống kết nối cùng mọi khoá của nó."""
    from deploy.commands.identity import run_close

    raise typer.Exit(run_close(client_id, reason, data))


@client.command("list")
def list_command(data: DataOption = DEFAULT_DATA) -> None:
    """Liệt kê các hệ thống kết nối và khoá của chúng."""
    from deploy.commands.identity import run_list

    raise typer.Exit(run_list(data))
