"""HTTP: how a person wants to be told."""

from collections import Counter
from collections.abc import Iterator
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Body, Header, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.notify.api.problems import INBOX_ALWAYS, LOG_AWAY
from services.notify.api.source import PersonId, Reading, Source, decider, owner
from services.notify.chosen import find_preferences, list_floors
from services.notify.handlers import Busy, Stale
from services.notify.inbox import UnitMention
from services.notify.preferences.defaults import DEFAULTS, Default
from services.notify.preferences.floors import floor_of
from services.notify.preferences.timing import DIGEST_AT
from shared.events.fields import Channel, Hour
from shared.events.inbox import PreferencesChanged
from shared.events.preferences import Category, ChannelChoice, Language, QuietHours, Timing, Zone
from shared.identity.caller import Caller
from shared.language import Words
from shared.preconditions import PreconditionFailed, entity_tag, versions
from shared.problems import FieldProblem, Invalid, Unavailable

_TWICE = Words("cặp loại và kênh này được chọn hai lần", "this category and channel are chosen twice")
_LARGEST_WISHES = 16 * 1024

router = APIRouter(prefix="/v1")


class Wishes(BaseModel):
    """How a person wants to be told. Where there is no choice for a category and channel, the default holds.

    `digest_at` is a local hour of `zone`, and so are the quiet hours; without a zone it is the installation's.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "choices": [{"category": "change", "channel": "mail", "timing": "digest"}],
                    "digest_at": "07:30",
                    "quiet": {"begin": "20:00", "end": "07:00", "days_off": True},
                }
            ]
        },
    )

    choices: Annotated[list[ChannelChoice], Field(max_length=50)] = []
    digest_at: Hour = DIGEST_AT
    quiet: QuietHours | None = None
    zone: Zone | None = None
    language: Language = "vi"


class Way(BaseModel):
    """How notifications of a category come by a channel.

    `default` holds where nothing is chosen: `urgent` means at once what is urgent and nothing else, `digest` that only
    what is routine waits for the daily digest, null that nothing comes. `choice` counts where `chosen` is true. `floor`
    is the unit that had it brought at once, whatever is chosen.
    """

    category: Category
    channel: Channel
    default: Default
    chosen: bool
    choice: Timing | None = None
    floor: UnitMention | None = None


class PreferencesView(BaseModel):
    """How a person is told: what they chose, and each category and channel with what decides there."""

    person_id: str
    choices: list[ChannelChoice]
    digest_at: Hour
    quiet: QuietHours | None
    zone: str
    language: Language
    ways: list[Way]


@router.get("/people/{person_id}/preferences", summary="How a person wants to be told")
async def get_preferences(
    response: Response,
    source: Source,
    caller: Annotated[Caller, owner("change-preferences")],
    person_id: PersonId,
) -> PreferencesView:
    """What they chose, the defaults, and what their unit decided. The ETag is for changing it."""
    return await _view(source, response, person_id)


@router.put(
    "/people/{person_id}/preferences",
    max_body_size=_LARGEST_WISHES,
    summary="Change how a person wants to be told",
    responses={
        202: {"model": PreferencesView, "description": "Kept; it holds as soon as the log answers"},
        412: {"description": "It was changed since; read it again"},
        428: {"description": "The request does not say which version it is meant for"},
    },
)
async def put_preferences(
    request: Request,
    response: Response,
    source: Source,
    caller: Annotated[Caller, owner("change-preferences")],
    person_id: PersonId,
    wishes: Annotated[Wishes, Body()],
    if_match: Annotated[str | None, Header(description="the ETag of what is replaced")] = None,
) -> PreferencesView:
    """Replaces all of it, for everything of which the person is told from now on. What the unit decided stays."""
    expected = versions(if_match)
    if problems := list(_problems(wishes)):
        raise Invalid(errors=problems)
    wanted = PreferencesChanged(
        person_id=person_id,
        choices=tuple(wishes.choices),
        digest_at=wishes.digest_at,
        quiet=wishes.quiet,
        zone=wishes.zone,
        language=wishes.language,
    )
    try:
        shown = await source.door.change_preferences(decider(request, caller), wanted, expected)
    except Stale as stale:
        raise PreconditionFailed(version=stale.sequence, headers={"ETag": entity_tag(stale.sequence)}) from stale
    except Busy as busy:
        raise Unavailable(LOG_AWAY) from busy
    if not shown:
        response.status_code = HTTPStatus.ACCEPTED
    return await _view(source, response, person_id)


def _problems(wishes: Wishes) -> Iterator[FieldProblem]:
    counted: Counter[tuple[Category, Channel]] = Counter()
    for place, choice in enumerate(wishes.choices):
        counted[choice.category, choice.channel] += 1
        if choice.channel == "inbox":
            yield FieldProblem(f"/choices/{place}/channel", "inbox-always", INBOX_ALWAYS, {})
        elif counted[choice.category, choice.channel] > 1:
            yield FieldProblem(f"/choices/{place}", "chosen-twice", _TWICE, {})


async def _view(source: Reading, response: Response, person_id: str) -> PreferencesView:
    chosen, sequence = await find_preferences(source.engine, person_id)
    directory = source.directory()
    person = directory.people.get(person_id)
    binding = floor_of(person.unit_id if person else None, await list_floors(source.engine), directory)
    held = chosen or PreferencesChanged(person_id=person_id)
    choices = {(choice.category, choice.channel): choice for choice in held.choices}

    def way(category: Category, channel: Channel, default: Default) -> Way:
        choice = choices.get((category, channel))
        unit_id = binding.get((category, channel))
        unit = directory.units.get(unit_id) if unit_id else None
        return Way(
            category=category,
            channel=channel,
            default=default,
            chosen=choice is not None,
            choice=choice.timing if choice else None,
            floor=UnitMention(id=unit.id, name=unit.name) if unit else None,
        )

    response.headers["ETag"] = entity_tag(sequence)
    return PreferencesView(
        person_id=person_id,
        choices=list(held.choices),
        digest_at=held.digest_at,
        quiet=held.quiet,
        zone=held.zone or source.office.zone.key,
        language=held.language,
        ways=[
            way(category, channel, default)
            for category, defaults in DEFAULTS.items()
            for channel, default in defaults.items()
        ],
    )
