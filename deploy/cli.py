"""The command line: `ketluan run`, `migrate`, `directory import`, `replay`, `read`, tasks, and who may come in.

Each command imports what it needs when it is called, so that none waits for the libraries of another.
"""

import asyncio
import io
import sys
from pathlib import Path
from typing import Annotated

import typer

from deploy import cli_backup, cli_bounce, cli_identity, cli_record, cli_signin, cli_task
from deploy.cli_identity import DEFAULT_DATA, DataOption
from deploy.exit_codes import REFUSED
from shared.zone import DEFAULT_ZONE

app = typer.Typer(
    help="ketluan: kết luận cuộc họp thành nhiệm vụ có người chịu trách nhiệm.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
directory = typer.Typer(help="Danh bạ đơn vị và cán bộ.", no_args_is_help=True)
app.add_typer(directory, name="directory")
app.add_typer(cli_identity.client, name="client")
app.add_typer(cli_identity.sessions, name="sessions")
app.add_typer(cli_identity.person, name="person")
app.command("signin-link")(cli_identity.signin_link_command)
app.command("signin")(cli_signin.signin_command)
app.command("signout")(cli_signin.signout_command)
app.command("task")(cli_task.task_command)
app.command("bounce")(cli_bounce.bounce_command)
app.add_typer(cli_record.checkpoint, name="checkpoint")
app.add_typer(cli_record.key, name="key")
app.add_typer(cli_record.prove, name="prove")
app.command("check-proof")(cli_record.check_proof_command)
app.command("evidence")(cli_record.evidence_command)
app.command("verify-bundle")(cli_record.verify_bundle_command)
app.command("export")(cli_record.export_log_command)
app.command("import")(cli_record.import_log_command)
app.add_typer(cli_backup.backup, name="backup")
app.command("move")(cli_backup.move_command)
app.command("verify")(cli_record.verify_command)
app.command("repair")(cli_record.repair_command)
app.command("retire")(cli_record.retire_command)


@app.callback()
def prepare() -> None:
    """Vietnamese is written whatever the terminal's locale says."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def refuse(vi: str, en: str) -> typer.Exit:
    """Says why nothing was done, in both languages on standard error, and gives the exit to raise."""
    typer.echo(vi, err=True)
    typer.echo(en, err=True)
    return typer.Exit(REFUSED)


@app.command("run")
def run_command(
    data: DataOption = DEFAULT_DATA,
    port: Annotated[str, typer.Option(envvar="KETLUAN_PORT", help="Cổng trên 127.0.0.1.")] = "8080",
    notice: Annotated[str, typer.Option(envvar="NOTICE", help="Tệp thông báo: văn bản, .docx, PDF.")] = "",
    once: Annotated[str, typer.Option(envvar="ONCE", help="1: in các bảng rồi dừng.")] = "",
    zone: Annotated[str, typer.Option(envvar="KETLUAN_ZONE", help="Múi giờ (IANA) để tính hạn.")] = DEFAULT_ZONE,
    stay: Annotated[bool, typer.Option("--stay", help="Chạy tiếp ở đây dù đã chuyển sang nơi khác.")] = False,
) -> None:
    """Chạy tất cả trên máy này, cho đến khi bấm Ctrl-C."""
    from rich.console import Console

    from deploy.embedded.refusal import UNUSABLE_PORT, CannotStart

    if not port.isdecimal() or not 1 <= int(port) <= 65535:
        raise refuse(UNUSABLE_PORT.to("vi", port=port), UNUSABLE_PORT.to("en", port=port))

    from deploy.embedded.run import Wishes, run

    ends = once.lower() not in {"", "0", "false", "no"}
    wishes = Wishes(data, int(port), Path(notice) if notice else None, ends, zone, stay)
    try:
        code = asyncio.run(run(wishes, Console(width=None if sys.stdout.isatty() else 120)))
    except CannotStart as refusal:
        raise refuse(refusal.words.to("vi", **refusal.values), refusal.words.to("en", **refusal.values)) from refusal
    raise typer.Exit(code)


@app.command("migrate")
def migrate_command() -> None:
    """Tạo hoặc kiểm tra luồng sự kiện và nâng cấp cơ sở dữ liệu (KETLUAN_NATS_*, KETLUAN_DATABASE_URL)."""
    from deploy.migrations.run import DatabaseIsNewer, migrate_database, migrate_log
    from shared.database import DatabaseUnavailable, RowsRefused
    from shared.log.faults import LogFault
    from shared.settings import DatabaseSettings, NatsSettings, UnusableSettings

    async def migrate() -> tuple[str, str]:
        log = await migrate_log(NatsSettings.from_environment())
        return log, await migrate_database(DatabaseSettings.from_environment().database_url.get_secret_value())

    try:
        for line in asyncio.run(migrate()):
            typer.echo(line)
    except (UnusableSettings, LogFault, DatabaseIsNewer, DatabaseUnavailable, RowsRefused) as error:
        raise refuse(f"Chưa nâng cấp được: {error}", f"Not migrated: {error}") from error


@directory.command("import")
def directory_import_command(
    file: Annotated[Path, typer.Argument(help="Tệp YAML hoặc CSV.")], data: DataOption = DEFAULT_DATA
) -> None:
    """Đưa đơn vị và cán bộ trong tệp vào danh bạ; chỉ ghi những gì còn thiếu."""
    from deploy.commands.directory_import import run_import

    raise typer.Exit(run_import(file, data))


@app.command("replay")
def replay_command(
    task: Annotated[
        str | None, typer.Option("--task", help="Chỉ kể lại một nhiệm vụ: từng bước, ai làm, đổi gì, ai được báo.")
    ] = None,
    swap: Annotated[
        bool, typer.Option("--swap", help="Đưa bản dựng lại vào thay sổ đang dùng, không dừng người đọc.")
    ] = False,
    until: Annotated[
        str | None, typer.Option("--until", help="Chỉ dựng lại đến một sự kiện (số) hoặc một lúc (RFC 3339) để xem.")
    ] = None,
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Dựng lại sổ theo dõi từ các sự kiện, bên cạnh sổ đang dùng, và cho biết hai bên có giống nhau không."""
    from deploy.commands.replay import run_replay

    if sum((task is not None, swap, until is not None)) > 1:
        raise refuse("Chỉ dùng một trong --task, --swap, --until.", "Use one of --task, --swap, --until.")
    if task is not None:
        from deploy.commands.steps import run_steps

        raise typer.Exit(run_steps(task, data))
    if swap or until is not None:
        from deploy.commands.rebuild import run_rebuild

        raise typer.Exit(run_rebuild(data, until))
    raise typer.Exit(run_replay(data))


@app.command("read")
def read_command(
    file: Annotated[str, typer.Argument(help="Tệp thông báo: văn bản, .docx, PDF, ảnh quét; - là đầu vào chuẩn.")],
    as_json: Annotated[bool, typer.Option("--json", help="In một đối tượng JSON.")] = False,
    directory_file: Annotated[Path | None, typer.Option("--directory", help="Tệp danh bạ (YAML hoặc CSV).")] = None,
) -> None:
    """Đọc một thông báo kết luận và in các chỉ đạo trong đó; không cần máy chủ và không ghi gì."""
    from deploy.commands.read import run_read

    raise typer.Exit(run_read(file, directory_file, as_json=as_json))


if __name__ == "__main__":
    app()
