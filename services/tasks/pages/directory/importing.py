"""Page: a file of units and people, with what it would change shown before it does."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from services.tasks.directory import refusals
from services.tasks.directory.asking import LOG_AWAY, Editing, Editor
from services.tasks.directory.decision import ADMINISTRATOR
from services.tasks.directory.door import Differs, digest, import_file
from services.tasks.directory.problems import Refused
from services.tasks.pages.directory.telling import contents
from shared.database import DatabaseUnavailable
from shared.directory.changes import BelowItself, Change, NameTaken, UnknownUnit, changes
from shared.directory.directory import Directory
from shared.directory.file import DirectoryFile, Fault, UnusableFile, read_file
from shared.events.person import PersonLeft, RoleGranted, RoleRevoked
from shared.identity.caller import Caller
from shared.identity.guard import requires
from shared.language import Words
from shared.log.faults import LogFault
from shared.problems import DATABASE_AWAY, Problem, Unavailable
from shared.vocabulary import EVENTS
from shared.web.forms import files, filled, see
from shared.web.pages import language_of, shown
from shared.web.routing import page_router

LARGEST = 512 * 1024
"""Bytes of a file that the page takes; the command line takes larger ones."""
_LARGEST_FORM = 4 * LARGEST
_MOST_SHOWN = 200

router = page_router()

Changer = Annotated[Caller, requires("change-people")]

_NO_FILE = Words(
    "Chưa chọn tệp nào. Chọn tệp YAML hoặc CSV rồi gửi lại.", "No file was chosen. Choose a YAML or CSV file."
)
_TOO_LARGE = Words(
    "Tệp lớn hơn {most} KiB. Nhập bằng dòng lệnh `ketluan directory import`.",
    "The file is larger than {most} KiB. Import it at the command line: `ketluan directory import`.",
)
_DIFFERS = Words(
    "Trong lúc anh/chị xem, danh bạ đã đổi. Chưa có gì được ghi; xem lại các thay đổi dưới đây rồi gửi lại.",
    "The directory changed while you looked. Nothing was recorded; look at the changes below and send them again.",
)


class UnusableUpload(Problem):
    """What was sent cannot be imported as it is."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "file-unusable"
    title = Words("Chưa nhập được tệp này", "This file cannot be imported")
    detail = Words("{why} Chưa có gì thay đổi.", "{why} Nothing was changed.")


@router.get("/directory/import")
async def show_import(request: Request, _: Changer) -> HTMLResponse:
    """Where a file is chosen."""
    return _page(request, "", b"", None)


@router.post("/directory/import", max_body_size=_LARGEST_FORM)
async def post_import(request: Request, editing: Editor, caller: Changer) -> Response:
    """Shows what a file would change; imports it once that was seen."""
    fields = await filled(request)
    name, content = "", b""
    faults: Sequence[Fault] = ()
    try:
        if given := await files(request, "file"):
            name, content = given[0].filename or "", await given[0].read(LARGEST + 1)
        elif isinstance(text := fields.get("content"), str):
            # A browser sends the lines of a form with CR LF.
            name, content = str(fields.get("name", "")), text.encode()
        else:
            raise UnusableUpload(why=_NO_FILE)
        if len(content) > LARGEST:
            raise UnusableUpload(why=Words(*(_TOO_LARGE.to(each, most=LARGEST // 1024) for each in ("vi", "en"))))
        file = read_file(content, name)
        directory = await editing.directory()
        missing = changes(file, directory)
        _an_administrator_stays(directory, missing)
        if (seen := fields.get("shown")) and isinstance(seen, str):
            return await _imported(request, editing, caller, file, name, content, seen)
        return _page(request, name, content, directory, missing, file)
    except UnusableFile as refusal:
        problem: Problem = UnusableUpload(why=Words("Sửa các chỗ nêu dưới đây.", "Mend what is named below."))
        faults = refusal.faults
    except (UnknownUnit, NameTaken, BelowItself) as refusal:
        problem = UnusableUpload(why=_why(refusal))
    except refusals.Refusal as refusal:
        problem = Refused(refusal)
    except Problem as refusal:
        problem = refusal
    return _page(request, "", b"", None, problem=problem, faults=faults)


async def _imported(
    request: Request, editing: Editing, caller: Caller, file: DirectoryFile, name: str, content: bytes, seen: str
) -> Response:
    try:
        await import_file(
            editing.source, editing.identity, file, seen, _an_administrator_stays, caller, editing.request_id
        )
    except Differs as differs:
        problem = UnusableUpload(why=_DIFFERS)
        problem.status = HTTPStatus.PRECONDITION_FAILED
        return _page(request, name, content, await editing.directory(), differs.missing, file, problem=problem)
    except DatabaseUnavailable as fault:
        raise Unavailable(DATABASE_AWAY) from fault
    except LogFault as fault:
        raise Unavailable(LOG_AWAY) from fault
    return see(request, "/directory/units", "directory-imported")


def _page(
    request: Request,
    name: str,
    content: bytes,
    directory: Directory | None,
    missing: Sequence[Change] = (),
    file: DirectoryFile | None = None,
    *,
    problem: Problem | None = None,
    faults: Sequence[Fault] = (),
) -> HTMLResponse:
    # What the file brings has its name in what follows.
    found = Directory(dict(directory.units), dict(directory.people)) if directory else Directory()
    for event in (event for change in missing for event in change.events):
        found.apply(event)
    return shown(
        request,
        "directory_import.html",
        problem.status if problem else HTTPStatus.OK,
        name=name,
        content=content.decode("utf-8-sig", errors="replace"),
        previewed=directory is not None,
        missing=[
            (change, [(EVENTS[type(event).__name__], contents(event, found)) for event in change.events])
            for change in missing[:_MOST_SHOWN]
        ],
        units=sum(change.subject.startswith("unit.") for change in missing),
        people=sum(change.subject.startswith("person.") for change in missing),
        more=max(0, len(missing) - _MOST_SHOWN),
        mails=sum(person.mail is not None for person in file.people) if file else 0,
        digest=digest(missing),
        most=LARGEST // 1024,
        faults=[(fault, fault.what.to(language_of(request), **fault.values)) for fault in faults],
        told=problem.told(language_of(request)) if problem else None,
    )


def _an_administrator_stays(directory: Directory, missing: Sequence[Change]) -> None:
    """
    Raises:
        LastAdministrator: nobody would be left who could change roles.
    """
    before = {person.id for person in directory.holders(ADMINISTRATOR)}
    after = set(before)
    for event in (event for change in missing for event in change.events):
        match event:
            case RoleGranted(role="administrator"):
                after.add(event.person_id)
            case RoleRevoked(role="administrator") | PersonLeft():
                after.discard(event.person_id)
            case _:
                pass
    if before and not after:
        raise refusals.LastAdministrator(name=directory.people[min(before)].name)


def _why(refusal: UnknownUnit | NameTaken | BelowItself) -> Words:
    match refusal:
        case UnknownUnit(entry_id=entry, unit_id=unit):
            words = Words(
                f"Mục {entry} nêu đơn vị {unit} chưa có trong tệp và danh bạ.",
                f"{entry} names the unit {unit}, which neither the file nor the directory knows.",
            )
        case NameTaken(entry_id=entry, name=name, owner_id=owner):
            words = Words(
                f"Mục {entry} dùng tên “{name}”, đã là cách gọi của đơn vị {owner}.",
                f"{entry} brings the name “{name}”, which means the unit {owner}.",
            )
        case BelowItself(unit_id=unit):
            words = Words(f"Đơn vị {unit} sẽ nằm dưới chính nó.", f"The unit {unit} would stand below itself.")
    return words.literal()
