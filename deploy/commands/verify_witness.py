"""`ketluan verify --witness`: the part of a verification that asks the WITNESS, as its reader."""

from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy.ext.asyncio import AsyncEngine

from deploy.nats.witness import reader
from services.tasks.record.findings import with_known_good
from services.tasks.record.verification import Compared
from services.tasks.record.witnessed import Witness, witness_findings
from shared.log.connect import broker, connected
from shared.organisation import checked
from shared.settings import NatsSettings

_COLUMNS = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())


class WitnessSettings(NatsSettings):
    """How the copy at the witness is read: `organisation` says whose, and `witness_seed` proves its reader."""

    organisation: Annotated[str, AfterValidator(checked), Field(min_length=2)]
    witness_seed: Annotated[SecretStr, Field(min_length=1)]

    def reader(self) -> NatsSettings:
        """The same servers as the reader of the copy."""
        return NatsSettings.model_validate(
            self.model_dump() | {"nats_user": reader(self.organisation), "nats_seed": self.witness_seed}
        )


async def witnessed(found: Compared, witness: WitnessSettings, pool: AsyncEngine, console: Console) -> Compared:
    """What was found, and what differs at the witness, with a bar for its progress.

    Raises:
        LogUnavailable, LogRefused, DatabaseUnavailable: see `witness_findings`.
    """
    settings = witness.reader()
    nats_broker = broker(settings, "ketluan-verify-witness")
    end = max(found.verification.log_last, found.verification.ledger_last)
    try:
        copy = Witness(settings, await connected(nats_broker), witness.organisation)
        with Progress(*_COLUMNS, console=console) as bars:
            bar = bars.add_task("Đối chiếu bản sao ở nhân chứng (witness)", total=None)
            wrong = await witness_findings(copy, pool, end, lambda done, of: bars.update(bar, completed=done, total=of))
    finally:
        await nats_broker.stop()
    return found.with_findings(with_known_good(wrong))
