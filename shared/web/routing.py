"""Routes of pages, apart from those of programs."""

from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from shared.problems import NotFound


class PageRoute(APIRoute):
    """For whoever reads pages, an address that cannot be one is simply one at which there is nothing, and a field of a
    form of filters that was left empty asks for nothing."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route's handler."""
        handler = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handler(_without_blanks(request))
            except RequestValidationError as error:
                if any(each["loc"][0] == "path" for each in error.errors()):
                    raise NotFound(what=request.url.path) from error
                raise

        return answer


def _without_blanks(request: Request) -> Request:
    asked = request.query_params.multi_items()
    given = [(name, value) for name, value in asked if value]
    if len(given) == len(asked):
        return request
    return Request({**request.scope, "query_string": urlencode(given).encode()}, request.receive)


def page_router() -> APIRouter:
    """A router for pages, which no description of the API names."""
    return APIRouter(include_in_schema=False, route_class=PageRoute)
