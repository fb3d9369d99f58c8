"""What people send by forms: fields as a model, or what is wrong with each of them; and the way on afterwards."""

from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ValidationError
from starlette.datastructures import UploadFile

from shared.identity.sessions import FORM_FIELD
from shared.problems import Invalid, field_problems
from shared.web.pages import language_of

M = TypeVar("M", bound=BaseModel)


async def filled(request: Request) -> dict[str, Any]:
    """The fields that were sent, by name: a string, or a list of them where a name comes more than once.

    An empty field is left out, so is a file; those that came more than once keep only what is not empty.
    """
    form = await request.form()
    found: dict[str, Any] = {}
    for name in form:
        values = [value for value in form.getlist(name) if isinstance(value, str) and value.strip()]
        if values and name != FORM_FIELD:
            found[name] = values[0] if len(values) == 1 else values
    return found


async def files(request: Request, name: str) -> list[UploadFile]:
    """The files that were chosen in a field, without those that a browser sends where none was."""
    given = (await request.form()).getlist(name)
    return [each for each in given if isinstance(each, UploadFile) and each.filename]


def checked(model: type[M], fields: dict[str, Any]) -> M:
    """The fields as a model.

    Raises:
        Invalid: some cannot be used; each pointer is `/` and the field's name.
    """
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        raise Invalid(errors=field_problems(error.errors())) from error


def see(request: Request, path: str, said: str | None = None, fragment: str = "") -> RedirectResponse:
    """The page to look at once something was done; `said` is the code of the sentence with which it says so.

    Source: RFC 9110, section 15.4.4.
    """
    asked = {"said": said} if said else {}
    if language_of(request) == "en":
        asked["lang"] = "en"
    joint = "&" if "?" in path else "?"
    address = f"{path}{joint}{urlencode(asked)}" if asked else path
    return RedirectResponse(f"{address}#{fragment}" if fragment else address, HTTPStatus.SEE_OTHER)
