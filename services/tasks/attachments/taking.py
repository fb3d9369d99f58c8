"""Taking in a file that is to be handed in: of a kind that is taken, not too large, kept once."""

from http import HTTPStatus

from nats.aio.client import Client
from pydantic import BaseModel

from services.tasks.attachments.kinds import media_type_of
from services.tasks.attachments.store import keep
from shared.language import Words
from shared.log.faults import LogFault
from shared.problems import Problem, Unavailable

FILES_AWAY = Words("Kho tệp chưa trả lời.", "The store of files does not answer.")


class TooLarge(Problem):
    """The file is larger than is taken."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "too-large"
    title = Words("Tệp quá lớn", "The file is too large")
    detail = Words(
        "Nhiều nhất {most} byte một tệp. Tệp không được lưu. Nén hoặc tách tệp rồi gửi lại.",
        "A file has {most} bytes at most. It was not kept. Make it smaller, or split it, and send it again.",
    )


class NotTaken(Problem):
    """The file is of a kind that is not taken."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    code = "unsupported-media-type"
    title = Words("Không nhận loại tệp này", "This kind of file is not taken")
    detail = Words(
        "Chỉ nhận PDF, ảnh PNG, JPEG, TIFF, tệp Word, Excel, PowerPoint không có macro, và văn bản UTF-8; loại tệp "
        "được xác định theo nội dung. Tệp không được lưu.",
        "PDF, PNG, JPEG, TIFF, Word, Excel and PowerPoint files without macros, and text in UTF-8 are taken; the kind "
        "is told by what the file holds. It was not kept.",
    )


class Kept(BaseModel):
    """A file that can now be handed in. `size` is in bytes."""

    sha256: str
    media_type: str
    size: int


async def taken(client: Client, content: bytes, most: int) -> Kept:
    """A file of so many bytes at most, kept under its SHA-256; the same again is kept once.

    Raises:
        TooLarge, NotTaken: it cannot be taken.
        Unavailable: the store of files does not answer.
    """
    if len(content) > most:
        raise TooLarge(most=most)
    media_type = media_type_of(content)
    if media_type is None:
        raise NotTaken
    try:
        sha256 = await keep(client, content, media_type)
    except LogFault as fault:
        raise Unavailable(FILES_AWAY) from fault
    return Kept(sha256=sha256, media_type=media_type, size=len(content))
