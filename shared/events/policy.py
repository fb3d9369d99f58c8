"""From where in the log the rules hold by which people are told. It stands on `policy.notify`."""

from typing import Annotated, ClassVar

from pydantic import Field

from shared.events.fields import Count, Fields


class RulesAdopted(Fields):
    """An upgrade brought rules by which people are told. Of what stands in the log up to `after` nobody is told by
    them: it was decided without them."""

    type: ClassVar[str] = "ketluan.RulesAdopted.v1"

    version: Annotated[Count, Field(ge=1)]
    after: Annotated[int, Field(ge=0, le=2**63 - 1, description="a sequence of the log")]
