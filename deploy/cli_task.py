"""The part of the command line that does what may be done with a task, by its commands over HTTP."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.cli_identity import DEFAULT_DATA, DataOption

_LINES = "acknowledge, report-progress, submit-completion, request-extension, comment, …"


def task_command(
    command: Annotated[str, typer.Argument(help=f"show để xem, hoặc việc cần làm: {_LINES}")],
    task_id: Annotated[str, typer.Argument(metavar="ID", help="Mã nhiệm vụ.")],
    percent: Annotated[int | None, typer.Option(help="Tỷ lệ hoàn thành, 0 đến 100.")] = None,
    note: Annotated[str | None, typer.Option(help="Nội dung báo cáo.")] = None,
    reason: Annotated[str | None, typer.Option(help="Lý do.")] = None,
    text: Annotated[str | None, typer.Option(help="Ý kiến.")] = None,
    message: Annotated[str | None, typer.Option(help="Lời đôn đốc.")] = None,
    until: Annotated[str | None, typer.Option(help="Ngày xin hoặc cho gia hạn, YYYY-MM-DD.")] = None,
    due: Annotated[str | None, typer.Option(help="Hạn mới, YYYY-MM-DD; none để bỏ hạn.")] = None,
    unit: Annotated[list[str] | None, typer.Option(help="Mã đơn vị; lặp lại cho nhiều đơn vị phối hợp.")] = None,
    person: Annotated[str | None, typer.Option(help="Mã người chủ trì.")] = None,
    file: Annotated[list[Path] | None, typer.Option(help="Tệp đính kèm; lặp lại cho từng tệp.")] = None,
    version: Annotated[int | None, typer.Option(help="Phiên bản đã xem; bỏ trống là bản hiện tại.")] = None,
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Xem một nhiệm vụ, hoặc tiếp nhận, báo cáo, duyệt…, với phiên của `ketluan signin` hay khoá KETLUAN_API_KEY."""
    from deploy.commands.task import Said, run_task

    said = Said(
        fields={
            "percent": percent,
            "note": note,
            "reason": reason,
            "text": text,
            "message": message,
            "until": until,
            "due": due,
            "person": person,
        },
        units=tuple(unit or ()),
        files=tuple(file or ()),
        version=version,
    )
    raise typer.Exit(run_task(command, task_id, said, data))
