"""The part of the command line that backs both stores up, restores them, and moves them to a cluster."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.cli_identity import DEFAULT_DATA, DataOption

FolderArgument = Annotated[Path, typer.Argument(help="Thư mục của bản sao lưu.")]
KeyOption = Annotated[list[str] | None, typer.Option(help="Khoá công khai phải là khoá đã ký; lặp lại được.")]

backup = typer.Typer(help="Sao lưu và khôi phục nhật ký cùng cơ sở dữ liệu.", no_args_is_help=True)


@backup.command("take")
def take_command(
    folder: FolderArgument,
    data: DataOption = DEFAULT_DATA,
    secrets: Annotated[
        Path | None, typer.Option(help="Ghi khoá phiên và khoá ký vào tệp riêng này, chỉ chủ tệp đọc được.")
    ] = None,
    anew: Annotated[bool, typer.Option("--anew", help="Chép lại toàn bộ cơ sở dữ liệu.")] = False,
) -> None:
    """Sao lưu trong khi mọi người làm việc; lần sau chỉ thêm phần mới."""
    from deploy.commands.backup import run_take

    raise typer.Exit(run_take(folder, data, secrets, anew=anew))


def move_command(
    settings: Annotated[Path, typer.Argument(help="Tệp KETLUAN_NATS_*, KETLUAN_DATABASE_* của nơi mới.")],
    data: DataOption = DEFAULT_DATA,
    work: Annotated[Path | None, typer.Option(help="Thư mục để làm việc; bỏ trống là cạnh thư mục dữ liệu.")] = None,
) -> None:
    """Chuyển từ máy này sang một cụm: phần lớn trong khi mọi người làm việc, phần còn lại sau khi tự dừng."""
    from deploy.commands.move import run_move

    raise typer.Exit(run_move(settings, data, work))


@backup.command("list")
def list_command(folder: FolderArgument) -> None:
    """Liệt kê các lần sao lưu và những lúc khôi phục được."""
    from deploy.commands.backup import run_list

    raise typer.Exit(run_list(folder))


@backup.command("check")
def check_command(folder: FolderArgument, key: KeyOption = None) -> None:
    """Chứng minh bản sao lưu nguyên vẹn: mọi tệp, mọi sự kiện, mọi điểm kiểm chứng."""
    from deploy.commands.backup import run_check

    raise typer.Exit(run_check(folder, key or []))


@backup.command("restore")
def restore_command(
    folder: FolderArgument,
    data: Annotated[Path, typer.Option(help="Thư mục dữ liệu mới, chưa có gì.")],
    until: Annotated[str | None, typer.Option(help="Đến một lúc (RFC 3339); bỏ trống là mới nhất.")] = None,
    secrets: Annotated[Path | None, typer.Option(help="Tệp khoá mà `backup take --secrets` đã ghi.")] = None,
    key: KeyOption = None,
) -> None:
    """Khôi phục cả hai kho như chúng đã có vào một lúc, vào một thư mục dữ liệu mới, rồi đối chiếu."""
    from deploy.commands.restore import run_restore

    raise typer.Exit(run_restore(folder, data, until, secrets, key or []))
