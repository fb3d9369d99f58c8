"""The part of the command line that proves the record: checkpoints, their keys, proofs, and evidence."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer

from deploy.cli_identity import DEFAULT_DATA, DataOption, ReasonOption
from shared.zone import DEFAULT_ZONE

FileOption = Annotated[Path | None, typer.Option("--out", help="Tệp để ghi; bỏ trống thì in ra.")]
KeyFileOption = Annotated[
    Path | None, typer.Option("--file", envvar="KETLUAN_CHECKPOINT_KEY_FILE", help="Tệp giữ khoá bí mật.")
]
SizeOption = Annotated[int | None, typer.Option(min=1, help="Số sự kiện của cây; bỏ trống là điểm mới nhất.")]


class Side(StrEnum):
    """A side of the record that a person can trust."""

    LOG = "log"
    LEDGER = "ledger"


checkpoint = typer.Typer(help="Điểm kiểm chứng của sổ ghi, có chữ ký.", no_args_is_help=True)
key = typer.Typer(help="Khoá ký điểm kiểm chứng.", no_args_is_help=True)
prove = typer.Typer(help="Bằng chứng về sổ ghi, để kiểm tra ngoại tuyến.", no_args_is_help=True)


@checkpoint.command("issue")
def issue_command(data: DataOption = DEFAULT_DATA) -> None:
    """Đọc lại toàn bộ sổ ghi, đối chiếu với mọi điểm kiểm chứng trước, rồi ký một điểm mới."""
    from deploy.commands.record import run_issue

    raise typer.Exit(run_issue(data))


@checkpoint.command("latest")
def latest_command(data: DataOption = DEFAULT_DATA) -> None:
    """In điểm kiểm chứng mới nhất."""
    from deploy.commands.record import run_export

    raise typer.Exit(run_export(None, None, data))


@checkpoint.command("export")
def export_command(
    file: Annotated[Path, typer.Argument(help="Tệp để ghi.")],
    size: SizeOption = None,
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Ghi điểm kiểm chứng mới nhất, hoặc điểm của một số sự kiện, vào tệp để giữ ở nơi khác."""
    from deploy.commands.record import run_export

    raise typer.Exit(run_export(file, size, data))


@key.command("create")
def create_key_command(
    name: Annotated[str | None, typer.Option(help="Tên khoá, là tên của sổ ghi: địa chỉ không có https://.")] = None,
    file: KeyFileOption = None,
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Tạo khoá bí mật đầu tiên trong một tệp mới; sổ ghi biết khoá khi điểm đầu tiên được ký."""
    from deploy.commands.checkpoint_keys import run_create

    raise typer.Exit(run_create(name, file, data))


@key.command("rotate")
def rotate_key_command(reason: ReasonOption, file: KeyFileOption = None, data: DataOption = DEFAULT_DATA) -> None:
    """Thay khoá: khoá cũ chứng nhận khoá mới rồi không ký gì nữa; các điểm đã ký vẫn có giá trị."""
    from deploy.commands.checkpoint_keys import run_rotate

    raise typer.Exit(run_rotate(reason, file, data))


@key.command("list")
def list_keys_command(data: DataOption = DEFAULT_DATA) -> None:
    """Liệt kê mọi khoá từng ký điểm kiểm chứng."""
    from deploy.commands.record import run_keys

    raise typer.Exit(run_keys(data))


@prove.command("inclusion")
def prove_inclusion_command(
    event: Annotated[str, typer.Argument(help="Số thứ tự của sự kiện trong sổ ghi, hoặc mã của nó (chậm hơn).")],
    size: SizeOption = None,
    out: FileOption = None,
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Bằng chứng rằng một sự kiện nằm trong sổ ghi đã ký."""
    from deploy.commands.record import run_prove

    given: dict[str, int | str] = {"sequence" if event.isascii() and event.isdecimal() else "event": event}
    given |= {"size": size} if size else {}
    raise typer.Exit(run_prove("inclusion", given, out, data))


@prove.command("consistency")
def prove_consistency_command(
    old: Annotated[int, typer.Argument(min=1, help="Số sự kiện lúc trước.")],
    new: Annotated[int, typer.Argument(min=1, help="Số sự kiện lúc sau.")],
    out: FileOption = None,
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Bằng chứng rằng giữa hai thời điểm sổ ghi chỉ được thêm vào."""
    from deploy.commands.record import run_prove

    raise typer.Exit(run_prove("consistency", {"from": old, "to": new}, out, data))


def check_proof_command(
    file: Annotated[Path, typer.Argument(help="Tệp mà `ketluan prove` đã ghi.")],
    key: Annotated[list[str] | None, typer.Option(help="Khoá công khai, dạng tên+mã+base64; lặp lại được.")] = None,
    checkpoint: Annotated[
        list[Path] | None, typer.Option(help="Điểm kiểm chứng tự giữ, thay cho điểm kèm theo; lặp lại được.")
    ] = None,
    event: Annotated[Path | None, typer.Option(help="Tệp giữ đúng từng byte của sự kiện.")] = None,
) -> None:
    """Kiểm tra một bằng chứng, không cần máy chủ nào."""
    from deploy.commands.check_proof import run_check

    raise typer.Exit(run_check(file, key or [], checkpoint or [], event))


def evidence_command(
    out: Annotated[Path, typer.Option("--out", "-o", help="Tệp .zip để ghi.")],
    task: Annotated[str | None, typer.Option(help="Mã nhiệm vụ.")] = None,
    meeting: Annotated[str | None, typer.Option(help="Mã cuộc họp.")] = None,
    since: Annotated[str | None, typer.Option("--from", help="Ngày đầu, dạng NNNN-TT-NN.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="Ngày cuối.")] = None,
    attachments: Annotated[bool, typer.Option("--attachments", help="Kèm các tệp đã nộp.")] = False,
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Ghi mọi chứng cứ về một nhiệm vụ, một cuộc họp hay một khoảng thời gian vào một tệp tự kiểm tra được."""
    from deploy.commands.evidence import run_evidence

    given = {"attachments": "true"} if attachments else {}
    match task, meeting, since, until:
        case str(), None, None, None:
            address = f"/v1/tasks/{quote(task, safe='')}/evidence"
        case None, str(), None, None:
            address = f"/v1/meetings/{quote(meeting, safe='')}/evidence"
        case None, None, str(), str():
            address, given = "/v1/record/evidence", given | {"from": since, "to": until}
        case _:
            raise typer.BadParameter("--task, --meeting, hoặc (or) --from … --to …")
    raise typer.Exit(run_evidence(address, given, out, data))


def verify_bundle_command(
    file: Annotated[Path, typer.Argument(help="Gói chứng cứ (.zip).")],
    key: Annotated[list[str] | None, typer.Option(help="Khoá công khai mà bạn tin; lặp lại được.")] = None,
    checkpoint: Annotated[list[Path] | None, typer.Option(help="Điểm kiểm chứng tự giữ; lặp lại được.")] = None,
    consistency: Annotated[list[Path] | None, typer.Option(help="Tệp của `ketluan prove consistency`.")] = None,
) -> None:
    """Kiểm tra một gói chứng cứ, không cần máy chủ; mã thoát 0 là nguyên vẹn, 3 là nguyên vẹn nhưng chưa biết ai ký,
    1 là không đúng, 2 là chưa kiểm tra được."""
    from deploy.commands.evidence import run_verify_bundle

    named = (("--key", key), ("--checkpoint", checkpoint), ("--consistency", consistency))
    arguments = [f"{name}={value}" for name, values in named for value in values or ()]
    raise typer.Exit(run_verify_bundle(file, arguments))


def export_log_command(
    folder: Annotated[Path, typer.Argument(help="Thư mục để ghi; có sẵn một phần thì làm tiếp.")],
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Ghi toàn bộ nhật ký và các văn bản, tệp nộp kèm vào một thư mục, để lưu trữ hoặc chuyển nơi khác."""
    from deploy.commands.archive import run_export

    raise typer.Exit(run_export(folder, data))


def import_log_command(
    folder: Annotated[Path, typer.Argument(help="Thư mục mà `ketluan export` đã ghi.")],
    key: Annotated[list[str] | None, typer.Option(help="Khoá công khai phải là khoá đã ký; lặp lại được.")] = None,
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Đưa nhật ký trong một thư mục vào một nhật ký trống, đúng từng số thứ tự; đứt giữa chừng thì chạy lại."""
    from deploy.commands.archive import run_import

    raise typer.Exit(run_import(folder, key or [], data))


def verify_command(
    data: DataOption = DEFAULT_DATA,
    checkpoint: Annotated[
        list[Path] | None, typer.Option(help="Điểm kiểm chứng tự giữ, để đối chiếu thêm; lặp lại được.")
    ] = None,
    key: Annotated[list[str] | None, typer.Option(help="Khoá công khai của các điểm ấy; lặp lại được.")] = None,
    archive: Annotated[
        list[Path] | None, typer.Option(help="Kho lưu trữ tự giữ (ketluan export, retire); lặp lại được.")
    ] = None,
    register: Annotated[bool, typer.Option(help="Dựng lại sổ theo dõi để đối chiếu.")] = True,
    witness: Annotated[
        bool, typer.Option("--witness", help="Đối chiếu thêm với bản sao ở nhân chứng (cụm nhiều máy).")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="In một đối tượng JSON.")] = False,
) -> None:
    """Đối chiếu toàn bộ nhật ký, sổ cái, điểm kiểm chứng và sổ theo dõi; mã thoát 0 là nguyên vẹn, 1 là hư hỏng, 2 là
    chưa làm được."""
    from deploy.commands.verify import Outside, run_verify

    outside = Outside(checkpoint or (), key or (), archive or ())
    raise typer.Exit(run_verify(data, outside, register=register, witness=witness, as_json=as_json))


def retire_command(
    archive: Annotated[Path, typer.Argument(help="Thư mục lưu trữ để ghi trước; có sẵn một phần thì làm tiếp.")],
    before: Annotated[int, typer.Option(min=2000, max=2999, help="Năm đầu tiên còn ở lại trong nhật ký.")],
    data: DataOption = DEFAULT_DATA,
    zone: Annotated[str, typer.Option(envvar="KETLUAN_ZONE", help="Múi giờ (IANA) để tính năm.")] = DEFAULT_ZONE,
    yes: Annotated[bool, typer.Option("--yes", help="Làm thật; bỏ trống thì chỉ cho biết sẽ làm gì.")] = False,
) -> None:
    """Chuyển sự kiện của các năm đã khép ra khỏi nhật ký, khi các dịch vụ đã dừng; mọi bằng chứng còn nguyên."""
    from deploy.commands.retire import Wishes, run_retire

    raise typer.Exit(run_retire(Wishes(data, archive, before, zone, yes)))


def repair_command(
    data: DataOption = DEFAULT_DATA,
    trust: Annotated[Side | None, typer.Option(help="Bên được tin khi không có gì chứng minh bên nào đúng.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Làm thật; bỏ trống thì chỉ cho biết sẽ làm gì.")] = False,
) -> None:
    """Khôi phục bên hư hỏng từ bên nguyên vẹn, khi các dịch vụ đã dừng; việc ấy được ghi vào nhật ký."""
    from deploy.commands.repair import Wishes, run_repair

    raise typer.Exit(run_repair(Wishes(data, trust.value if trust else None, yes)))
