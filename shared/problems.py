"""Refusals and faults as RFC 9457 problem details, in the reader's language."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic_core import ErrorDetails
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from shared.events.catalogue import UnknownEvent
from shared.events.fields import ONE_LINE, RECORDABLE
from shared.language import Language, Words, preferred
from shared.requests import HEADER as REQUEST_ID

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field. `pointer` is a JSON Pointer (RFC 6901) into the body, or a parameter's name."""

    pointer: str
    code: str
    detail: Words
    values: dict[str, Any]

    def to(self, language: Language) -> dict[str, Any]:
        """The member of `errors`."""
        return {"pointer": self.pointer, "code": self.code, "detail": self.detail.to(language, **self.values)}


class Problem(Exception):
    """An answer that says what happened, what was not lost, and how to mend it.

    `code` is stable and ends the problem's `type`; `extra` becomes further members of the answer, and `values`, some
    of which may be `Words`, fill in the detail.
    """

    status: int = HTTPStatus.BAD_REQUEST
    code: str = "bad-request"
    title: Words = Words("Yêu cầu không hợp lệ", "The request is not valid")
    detail: Words = Words("", "")

    def __init__(
        self,
        *,
        errors: Sequence[FieldProblem] = (),
        headers: dict[str, str] | None = None,
        extra: dict[str, Any] | None = None,
        **values: object,
    ) -> None:
        super().__init__(self.code)
        self.errors = errors
        self.headers = headers or {}
        self.extra = extra or {}
        self.values = values

    def told(self, language: Language) -> dict[str, Any]:
        """The problem detail in one language."""
        body: dict[str, Any] = {
            "type": f"urn:ketluan:problem:{self.code}",
            "title": self.title.to(language),
            "status": int(self.status),
            "code": self.code,
        }
        values = {name: v.to(language) if isinstance(v, Words) else v for name, v in self.values.items()}
        if detail := self.detail.to(language, **values):
            body["detail"] = detail
        if self.errors:
            body["errors"] = [error.to(language) for error in self.errors]
        return body | self.extra

    def answer(self, request: Request) -> Response:
        """The response for this request: a page where the application has pages and a browser asks for one."""
        page: ProblemPage | None = getattr(request.app.state, "problem_page", None)
        if page and (shown := page(request, self)):
            return shown
        language = preferred(request.headers.get("accept-language"))
        headers = {**self.headers, "Content-Language": language, "Vary": "Accept-Language"}
        return JSONResponse(self.told(language), int(self.status), headers, MEDIA_TYPE)


ProblemPage = Callable[[Request, Problem], Response | None]
"""Shows a problem as a page; None where the request wants none. An application with pages has one in its state."""


class NotFound(Problem):
    """Nothing stands at this address."""

    status = HTTPStatus.NOT_FOUND
    code = "not-found"
    title = Words("Không tìm thấy", "Not found")
    detail = Words("Không có gì ở địa chỉ này: {what}.", "There is nothing at this address: {what}.")


class BodyTooLarge(Problem):
    """The body is larger than this address takes."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "too-large"
    title = Words("Nội dung gửi lên quá lớn", "What was sent is too large")
    detail = Words(
        "Nội dung lớn hơn mức địa chỉ này nhận. Không có gì thay đổi. Rút ngắn hoặc chia nhỏ rồi gửi lại.",
        "The body is larger than this address takes. Nothing was changed. Shorten or split it and send it again.",
    )


class Invalid(Problem):
    """Some fields cannot be used."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "invalid"
    title = Words("Yêu cầu chưa dùng được", "The request cannot be used as it is")
    detail = Words(
        "Không có gì thay đổi. Sửa các chỗ nêu dưới đây rồi gửi lại.",
        "Nothing was changed. Mend what is named below and send it again.",
    )


_NEWER_RELEASE = Words(
    "Hệ thống đang được nâng cấp: việc này dựa trên một sự kiện do bản phát hành mới hơn ghi, bản này chưa hiểu.",
    "The system is being upgraded: this rests on an event of a newer release, which this copy does not know.",
)
DATABASE_AWAY = Words("Cơ sở dữ liệu chưa trả lời.", "The database does not answer.")


class Unavailable(Problem):
    """A part of the system does not answer for the moment."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "unavailable"
    title = Words("Hệ thống tạm thời chưa sẵn sàng", "The system is not ready for the moment")
    detail = Words(
        "{what} Dữ liệu đã ghi nhận không bị ảnh hưởng; gửi lại yêu cầu này sau ít giây, hệ thống chỉ ghi một lần.",
        "{what} What was recorded before is safe; send the same request again in a few seconds, it is recorded once.",
    )

    def __init__(self, what: Words) -> None:
        super().__init__(headers={"Retry-After": "2"}, what=what)


class NewerRelease(Unavailable):
    """What is asked for rests on an event that a newer release wrote: another copy can answer, this one cannot."""

    code = "newer-release"

    def __init__(self) -> None:
        super().__init__(_NEWER_RELEASE)


class Unexpected(Problem):
    """A defect of ours."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    code = "unexpected"
    title = Words("Lỗi của hệ thống", "A fault of the system")
    detail = Words(
        "Lỗi đã được ghi lại. Báo cho quản trị mã yêu cầu trong tiêu đề X-Request-Id.",
        "It was logged. Give the administrator the request id in the header X-Request-Id.",
    )


JSON_INVALID = Words("không phải JSON hợp lệ: {error}", "not valid JSON: {error}")

_FIELD_WORDS = {
    "span_order": Words("điểm đầu phải đứng trước điểm cuối", "the start must not stand behind the end"),
    "float_type": Words("phải là số", "must be a number"),
    "float_parsing": Words("phải là số", "must be a number"),
    "mail_address": Words(
        "phải là một địa chỉ thư ASCII, ví dụ an.nguyen@so.example",
        "must be one mail address in ASCII, such as an.nguyen@so.example",
    ),
    "marking": Words(
        "nêu các thông báo theo mã, hoặc tất cả đến một vị trí (up_to), không cả hai",
        "name notifications by their ids, or all up to a sequence, not both",
    ),
    "push_key": Words("không phải khoá của trình duyệt (RFC 8291)", "is no key of a browser (RFC 8291)"),
    "finite_number": Words("phải là số hữu hạn", "must be a finite number"),
    "missing": Words("thiếu trường này", "this field is missing"),
    "extra_forbidden": Words("không có trường tên này", "there is no field of this name"),
    "string_type": Words("phải là chuỗi ký tự", "must be a string"),
    "string_too_short": Words(
        "quá ngắn, cần ít nhất {min_length} ký tự", "too short, at least {min_length} characters"
    ),
    "blank": Words("không được để trống", "must not be blank"),
    "time_without_day": Words("giờ chỉ đi cùng ngày", "a time goes only with a day"),
    "string_too_long": Words("quá dài, nhiều nhất {max_length} ký tự", "too long, at most {max_length} characters"),
    "string_pattern_mismatch": Words("không đúng dạng {pattern}", "does not match {pattern}"),
    "too_short": Words("cần ít nhất {min_length} mục", "needs at least {min_length} items"),
    "too_long": Words("nhiều nhất {max_length} mục", "takes at most {max_length} items"),
    "json_invalid": JSON_INVALID,
    "json_type": Words("phải là một đối tượng JSON", "must be a JSON object"),
    "model_type": Words("phải là một đối tượng JSON", "must be a JSON object"),
    "list_type": Words("phải là danh sách", "must be a list"),
    "tuple_type": Words("phải là danh sách", "must be a list"),
    "int_type": Words("phải là số nguyên", "must be a whole number"),
    "int_parsing": Words("phải là số nguyên", "must be a whole number"),
    "bool_parsing": Words("phải là true hoặc false", "must be true or false"),
    "greater_than_equal": Words("phải từ {ge} trở lên", "must be {ge} or more"),
    "less_than_equal": Words("phải từ {le} trở xuống", "must be {le} or less"),
    "literal_error": Words("phải là một trong: {expected}", "must be one of: {expected}"),
    "enum": Words("phải là một trong: {expected}", "must be one of: {expected}"),
}
_DATE_WORDS = Words(
    "phải là ngày dạng YYYY-MM-DD, ví dụ 2026-07-31", "must be a date as YYYY-MM-DD, such as 2026-07-31"
)
_OTHER_WORDS = Words("giá trị không hợp lệ ({message})", "the value is not valid ({message})")
_CONTROL_WORDS = Words(
    "có ký tự điều khiển, đổi chiều viết hoặc xuống dòng, không ghi vào hồ sơ được",
    "holds characters that control, turn the writing or end the line, which no record can keep",
)


def field_problems(errors: Sequence[ErrorDetails], root: str = "") -> list[FieldProblem]:
    """pydantic's errors as ours. `root` is put before each pointer."""
    problems = []
    places = [error["loc"] for error in errors]
    for error in errors:
        kind, place = error["type"], error["loc"]
        if kind == "too_short" and any(other[: len(place)] == place and other != place for other in places):
            continue  # pydantic counts only the items without an error; those errors are named already
        pointer = root + "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in place)
        if kind.startswith("date"):
            words = _DATE_WORDS
        elif (error.get("ctx") or {}).get("pattern") in {RECORDABLE, ONE_LINE}:
            kind, words = "control-character", _CONTROL_WORDS
        else:
            words = _FIELD_WORDS.get(kind, _OTHER_WORDS)
        values = {name: str(value).replace(" or ", ", ") for name, value in (error.get("ctx") or {}).items()}
        values["message"] = error["msg"]
        problems.append(FieldProblem(pointer, kind, words, values))
    return problems


def install(app: FastAPI) -> None:
    """Makes every error answer of the application a problem detail.

    Where nothing stands at an address, no route has asked who is there: `app.state.recognise` does, if there is one.
    """

    async def problem(request: Request, error: Exception) -> Response:
        return (error if isinstance(error, Problem) else Problem()).answer(request)

    async def newer(request: Request, error: Exception) -> Response:
        return NewerRelease().answer(request)

    async def validation(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        details: Any = [{**each, "loc": each["loc"][1:]} for each in error.errors()]
        return Invalid(errors=field_problems(details)).answer(request)

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if recognise := getattr(app.state, "recognise", None):
            await recognise(request)
        if error.status_code == HTTPStatus.NOT_FOUND:
            return NotFound(what=request.url.path).answer(request)
        if error.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return BodyTooLarge().answer(request)
        status = HTTPStatus(error.status_code)
        refusal = Problem(headers=dict(error.headers or {}))
        refusal.status, refusal.code = status, status.phrase.lower().replace(" ", "-")
        refusal.title = _HTTP_WORDS.get(status, Words(status.phrase, status.phrase))
        refusal.detail = _HTTP_DETAIL
        return refusal.answer(request)

    async def defect(request: Request, error: Exception) -> Response:
        request_id = request.scope.get("state", {}).get("request_id", "")
        log.error("unexpected", path=request.url.path, correlation_id=request_id, exc_info=error)
        return Unexpected(headers={REQUEST_ID: request_id}).answer(request)

    app.add_exception_handler(Problem, problem)
    app.add_exception_handler(UnknownEvent, newer)
    app.add_exception_handler(RequestValidationError, validation)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(ClientDisconnect, problem)  # nobody hears it, and it is no defect
    app.add_exception_handler(Exception, defect)


_HTTP_DETAIL = Words(
    "Chưa có gì thay đổi. Xem lại địa chỉ, phương thức, tiêu đề và phần thân của yêu cầu rồi gửi lại.",
    "Nothing was changed. Look at the address, the method, the headers and the body of the request, and send it again.",
)
_HTTP_WORDS = {
    HTTPStatus.METHOD_NOT_ALLOWED: Words(
        "Địa chỉ này không nhận phương thức đó", "This address does not take that method"
    ),
    HTTPStatus.BAD_REQUEST: Words("Yêu cầu không đọc được", "The request cannot be read"),
}
