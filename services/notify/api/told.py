"""HTTP: who will be told of a notice that is not published yet."""

from typing import Annotated

from fastapi import APIRouter, Body, Request
from pydantic import BaseModel, ConfigDict, Field

from services.notify.api.source import Source
from services.notify.foretelling import MOST_TASKS, Foretold, ProposedTask, foretold
from services.notify.projection.projection import Office
from shared.identity.caller import Caller
from shared.identity.guard import requires

LARGEST_PROPOSAL = 1024 * 1024

router = APIRouter(prefix="/v1")


class Proposal(BaseModel):
    """The tasks of a notice, as they would be given."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"tasks": [{"unit": "khtc", "phrase": "Phòng KH-TC"}]}]}
    )

    tasks: Annotated[list[ProposedTask], Field(max_length=MOST_TASKS)]


@router.post("/told", max_body_size=LARGEST_PROPOSAL, summary="Who will be told of a notice that is not published yet")
async def post_told(
    request: Request,
    source: Source,
    caller: Annotated[Caller, requires("publish-conclusions")],
    proposal: Annotated[Proposal, Body()],
) -> Foretold:
    """Decided by the rules that tell people once it is published, and by what they chose until now. Whoever publishes
    is not told of their own act. Nothing is recorded."""
    office: Office = request.app.state.office()
    return await foretold(source.engine, source.directory(), office, proposal.tasks, caller.actor)
