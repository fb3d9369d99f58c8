"""`ketluan directory import FILE`, as a person sees it."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from deploy.commands.settings import nats_and_public_url, tokens
from deploy.directory_import import Told, import_directory, put_contacts
from deploy.embedded.whereabouts import NotRunning
from deploy.exit_codes import INCOMPLETE, REFUSED
from shared.directory.changes import BelowItself, Change, NameTaken, UnknownUnit
from shared.directory.file import LARGEST_FILE, Fault, UnusableFile, read_file
from shared.log.faults import LogFault
from shared.settings import UnusableSettings
from shared.vocabulary import EVENTS

_MOST_SHOWN = 20


def run_import(path: Path, data: Path) -> int:
    """Imports a file and prints what changed. Gives the exit code."""
    out, err = (Console(file=stream, soft_wrap=not stream.isatty()) for stream in (sys.stdout, sys.stderr))
    try:
        file = read_file(_content(path), path.name)
        settings, public_url = nats_and_public_url("directory", data)
        key = tokens(data)
        imported = asyncio.run(import_directory(settings, file))
    except UnusableFile as refusal:
        err.print(f"Tệp {path} chưa dùng được, chưa ghi gì. [dim]The file cannot be used, nothing was written.[/]")
        for fault in refusal.faults:
            err.print(_line(fault), highlight=False)
        return REFUSED
    except OSError as error:
        err.print(f"Không đọc được {path}: {error.strerror}. [dim]The file cannot be read, nothing was written.[/]")
        return REFUSED
    except UnknownUnit as refusal:
        err.print(
            f"Mục {escape(refusal.entry_id)} nêu đơn vị {escape(refusal.unit_id)} chưa có trong tệp và danh bạ; "
            f"chưa ghi gì. [dim]{escape(str(refusal))}. Nothing was written.[/]"
        )
        return REFUSED
    except NameTaken as refusal:
        err.print(
            f"Mục {escape(refusal.entry_id)} dùng tên “{escape(refusal.name)}” mà danh bạ đã dành cho đơn vị "
            f"{escape(refusal.owner_id)}; hai đơn vị cùng tên thì không tìm được đơn vị nào. Chưa ghi gì. "
            f"[dim]{escape(str(refusal))}. Nothing was written.[/]"
        )
        return REFUSED
    except BelowItself as refusal:
        err.print(
            f"Đơn vị {escape(refusal.unit_id)} sẽ nằm dưới chính nó; sửa mục parent. Chưa ghi gì. "
            f"[dim]{escape(str(refusal))}. Nothing was written.[/]"
        )
        return REFUSED
    except NotRunning as refusal:
        err.print(
            f"Không có ketluan nào đang chạy trên {data}; chạy `make run` trước, hoặc đặt KETLUAN_NATS_URL. "
            f"[dim]{escape(str(refusal))}; start it, or set KETLUAN_NATS_URL.[/]"
        )
        return REFUSED
    except (LogFault, UnusableSettings) as fault:
        err.print(
            f"Không ghi được vào nhật ký sự kiện; nhập lại tệp này sau, phần đã ghi không bị ghi hai lần. "
            f"[dim]{escape(str(fault))}; import the file again, nothing is written twice.[/]"
        )
        return REFUSED
    _show(imported, out)
    told = asyncio.run(put_contacts(public_url, file.people, key))
    if told.taken:
        out.print(f"Đã lưu {told.taken} địa chỉ thư, ngoài nhật ký sự kiện. [dim](addresses kept outside the log)[/]")
    if told.not_taken:
        _show_not_taken(told, err)
        return INCOMPLETE
    return 0


def _show_not_taken(told: Told, err: Console) -> None:
    count = len(told.not_taken)
    err.print(
        f"Chưa lưu được {count} địa chỉ thư nêu dưới đây; sửa rồi nhập lại tệp này. "
        f"[dim]{count} addresses were not kept; mend what is said below and import the file again.[/]"
    )
    for each in told.not_taken[:_MOST_SHOWN]:
        err.print(f"  {escape(each.person_id)}: {escape(each.reason)}", highlight=False)
    if count > _MOST_SHOWN:
        err.print(f"  … và {count - _MOST_SHOWN} người nữa [dim](more)[/]")


def _content(path: Path) -> bytes:
    """The file's bytes, one more than may be used at most."""
    with path.open("rb") as file:
        return file.read(LARGEST_FILE + 1)


def _line(fault: Fault) -> str:
    where = f"dòng {fault.line}" + (f", {fault.entry}" if fault.entry else "")
    vi, en = fault.what.to("vi", **fault.values), fault.what.to("en", **fault.values)
    return f"  {escape(where)}: {escape(vi)} [dim]({escape(en)})[/]"


def _show(imported: Sequence[Change], out: Console) -> None:
    if not imported:
        out.print("Danh bạ đã đúng như tệp, không ghi gì thêm. [dim](nothing was missing)[/]")
        return
    count = sum(len(change.events) for change in imported)
    table = Table(title=f"Đã ghi {count} sự kiện (events)", title_justify="left", box=box.ROUNDED)
    for column in ("Mục (entry)", "Tên (name)", "Thay đổi (changes)"):
        table.add_column(column, overflow="fold")
    for change in imported:
        kinds = [type(event).__name__ for event in change.events]
        words = ", ".join(
            EVENTS[kind].vi + (f" ×{kinds.count(kind)}" if kinds.count(kind) > 1 else "")
            for kind in dict.fromkeys(kinds)
        )
        table.add_row(change.subject, escape(change.name), words)
    out.print(table)
