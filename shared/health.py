"""Whether a process lives, and whether it can do its work."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from fastapi import APIRouter, FastAPI, Response

from shared.identity.guard import open_to_all

Check = Callable[[], Awaitable[str | None]]
"""Gives None, or in one sentence what is wrong."""

FOLLOWER_SILENCE_SECONDS = 10.0


def install(
    app: FastAPI, service: str, checks: Mapping[str, Check], notes: Mapping[str, Check] = MappingProxyType({})
) -> None:
    """Adds /healthz and /readyz, also below /<service>/, where the gateway finds them.

    `notes` say what somebody should look at though the service does its work: they never make it unready.
    """
    router = APIRouter(
        include_in_schema=False, dependencies=[open_to_all("says nothing but whether the service works")]
    )

    @router.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"service": service, "status": "alive"}

    @router.get("/readyz")
    async def readyz(response: Response) -> dict[str, object]:
        found = {name: await check() for name, check in checks.items()}
        ready = not any(found.values())
        response.status_code = 200 if ready else 503
        return {
            "service": service,
            "ready": ready,
            "checks": {name: wrong or "ok" for name, wrong in found.items()},
            "notes": {name: noted for name, note in notes.items() if (noted := await note())},
        }

    app.include_router(router)
    app.include_router(router, prefix=f"/{service}")
