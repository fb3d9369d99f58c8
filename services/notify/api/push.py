"""HTTP: the key with which a browser asks for web push."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel

from shared.identity.guard import requires

router = APIRouter(prefix="/v1/push")


class PushKeyView(BaseModel):
    """The `applicationServerKey` for `pushManager.subscribe`, in base64url."""

    key: str


async def push_key(request: Request) -> str:
    """The public key of this installation."""
    found: str = request.app.state.push_key
    return found


@router.get(
    "/key",
    summary="The key with which a browser subscribes to push messages",
    dependencies=[requires("read-inbox")],
)
async def get_key(key: Annotated[str, Depends(push_key)]) -> PushKeyView:
    """A browser that subscribed with another key subscribes anew: the key changes with the session key."""
    return PushKeyView(key=key)
