"""Which moment a page of the past is asked about; where that cannot be used, why."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Query, Request
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.api.as_of import moment
from services.tasks.reading import Reading
from services.tasks.register.as_of import AsOf, Sense
from shared.problems import Invalid
from shared.web.pages import language_of

_MOST_STEPS = 1_000_000

AskedMoment = Annotated[str | None, Query(max_length=40)]
AskedStep = Annotated[int | None, Query(ge=0, le=_MOST_STEPS)]
OTHER: Mapping[Sense, Sense] = {"known": "held", "held": "known"}
"""The other sense of "then"."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment that is asked about, None for now; `day` is the local day of it, as the form shows it. It is now, with a
    refusal, where what was asked about cannot be used."""

    as_of: AsOf | None
    day: str
    refusal: Invalid | None = None

    @property
    def asked(self) -> str | None:
        """The moment as it is asked about again."""
        return self.as_of.asked if self.as_of else None

    @property
    def status(self) -> int:
        """The status of the page."""
        return self.refusal.status if self.refusal else HTTPStatus.OK

    def told(self, request: Request) -> dict[str, Any] | None:
        """Why it cannot be used, in the page's language."""
        return self.refusal.told(language_of(request)) if self.refusal else None


async def asked_moment(
    source: Reading, found: AsyncConnection, given: str | None, sense: Sense, name: str = "as_of"
) -> Moment:
    """The moment that a page is asked about by the parameter of a name; without one, now."""
    today = source.today()
    if not given:
        return Moment(None, str(today.date))
    try:
        as_of = await moment(source, found, f"/{name}", given, sense)
    except Invalid as refusal:
        return Moment(None, given, refusal)
    return Moment(as_of, str(today.local_date(as_of.time)))
