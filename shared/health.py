"""Whether a process lives, and whether it can do its work."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from fastapi import APIRouter, FastAPI, Response

from shared.identity.guard import open_to_all
from shared.telemetry import metrics

Check = Callable[[], Awaitable[str | None]]
"""Gives None, or in one sentence what is wrong."""

FOLLOWER_SILENCE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Standing:
    """How a process stands: what is wrong with each thing that it needs (None: nothing), what somebody should look at,
    and how far it has read the log."""

    checks: Mapping[str, str | None]
    notes: Mapping[str, str]
    read: int | None

    @property
    def ready(self) -> bool:
        """Whether it can do its work."""
        return not any(self.checks.values())

    def told(self, service: str) -> dict[str, object]:
        """It as /readyz answers."""
        return {
            "service": service,
            "ready": self.ready,
            "checks": {name: wrong or "ok" for name, wrong in self.checks.items()},
            "notes": dict(self.notes),
            **({} if self.read is None else {"read": self.read}),
        }


@dataclass(frozen=True, slots=True)
class Health:
    """What is asked to know how a process stands. An application has it in its state.

    `notes` say what somebody should look at though the service does its work: they never make it unready. `read` gives
    the sequence up to which the service has taken the log in, where it takes all of it in. `samples` read what the
    metrics tell that nothing else keeps current.
    """

    checks: Mapping[str, Check]
    notes: Mapping[str, Check] = field(default_factory=lambda: MappingProxyType({}))
    read: Callable[[], int] | None = None
    samples: Sequence[metrics.Sample] = ()

    async def standing(self) -> Standing:
        """How the process stands now."""
        found = {name: await check() for name, check in self.checks.items()}
        noted = {name: said for name, note in self.notes.items() if (said := await note())}
        for name, wrong in found.items():
            metrics.CHECK.labels(name).set(wrong is None)
        return Standing(found, noted, self.read() if self.read else None)

    async def sampled(self) -> None:
        """Brings the metrics up to date."""
        await self.standing()
        for sample in self.samples:
            await sample()


def install(
    app: FastAPI,
    service: str,
    checks: Mapping[str, Check],
    notes: Mapping[str, Check] = MappingProxyType({}),
    read: Callable[[], int] | None = None,
    samples: Sequence[metrics.Sample] = (),
) -> None:
    """Adds /healthz and /readyz, also below /<service>/, where the gateway finds them; see `Health`."""
    app.state.health = app.state.loop.health = health = Health(checks, notes, read, samples)
    router = APIRouter(
        include_in_schema=False, dependencies=[open_to_all("says nothing but whether the service works")]
    )

    @router.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"service": service, "status": "alive"}

    @router.get("/readyz")
    async def readyz(response: Response) -> dict[str, object]:
        found = await health.standing()
        response.status_code = 200 if found.ready else 503
        return found.told(service)

    app.include_router(router)
    app.include_router(router, prefix=f"/{service}")
