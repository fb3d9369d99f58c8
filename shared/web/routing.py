"""Routes of pages, apart from those of programs."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from shared.problems import NotFound


class PageRoute(APIRoute):
    """For whoever reads pages, an address that cannot be one is simply one at which there is nothing."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route's handler."""
        handler = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handler(request)
            except RequestValidationError as error:
                if any(each["loc"][0] == "path" for each in error.errors()):
                    raise NotFound(what=request.url.path) from error
                raise

        return answer


def page_router() -> APIRouter:
    """A router for pages, which no description of the API names."""
    return APIRouter(include_in_schema=False, route_class=PageRoute)
