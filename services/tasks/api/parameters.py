"""What requests are asked with: identifiers, days, pages, and who may read."""

import datetime as dt
from typing import Annotated

from fastapi import Path, Query
from pydantic import Field

from shared.events.fields import TOKEN
from shared.identity.caller import Caller
from shared.identity.guard import requires
from shared.pagination import LARGEST_LIMIT

Id = Annotated[str, Path(pattern=TOKEN)]
IdFilter = Annotated[str | None, Query(pattern=TOKEN)]
Limit = Annotated[int, Query(ge=1, le=LARGEST_LIMIT, description="most entries of a page")]
Cursor = Annotated[str | None, Query(max_length=64, description="from the Link header of the page before")]
# Far enough from the first and the last day of the calendar to count on from.
AskedDay = Annotated[dt.date, Field(ge=dt.date(1900, 1, 1), le=dt.date(9000, 12, 31))]
AssignedFrom = Annotated[
    AskedDay | None, Query(alias="from", description="first local day of the period in which tasks were assigned")
]
AssignedTo = Annotated[
    AskedDay | None, Query(alias="to", description="last local day of the period in which tasks were assigned")
]
OnDay = Annotated[
    AskedDay | None, Query(description="the local day asked about; on a past one tasks stand as when it ended")
]
MeetingReader = Annotated[Caller, requires("read-meetings")]
TaskReader = Annotated[Caller, requires("read-tasks")]
