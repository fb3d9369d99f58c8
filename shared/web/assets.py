"""Styles, the small script and the mark, at addresses that change with their contents, so that browsers keep them."""

import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, FastAPI, Response

from shared.identity.guard import open_to_all
from shared.problems import NotFound

_HERE = Path(__file__).parent
_KEPT = "public, max-age=31536000, immutable"
_ASKED_AGAIN = "no-cache"
STYLE = "ketluan.css"
"""Every file of `styles/`, in the order of their names, as one."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of the pages."""

    name: str
    content: bytes
    media_type: str


def _asset(name: str, content: bytes) -> Asset:
    return Asset(name, content, mimetypes.guess_type(name)[0] or "application/octet-stream")


def _assets() -> dict[str, Asset]:
    style = b"\n".join(file.read_bytes() for file in sorted((_HERE / "styles").glob("*.css")))
    files = {file.name: file.read_bytes() for file in sorted((_HERE / "static").iterdir())}
    return {name: _asset(name, content) for name, content in {**files, STYLE: style}.items()}


ASSETS = _assets()
"""Every file of the pages by its name."""

DIGEST = hashlib.sha256(b"\0".join(asset.content for _, asset in sorted(ASSETS.items()))).hexdigest()[:12]
"""One for all files, so that a script finds another beside it."""


def path_of(name: str) -> str:
    """The path at which a file of the pages is served.

    Raises:
        KeyError: there is no file of that name.
    """
    return f"/static/{DIGEST}/{ASSETS[name].name}"


router = APIRouter(include_in_schema=False, dependencies=[open_to_all("styles and script, the same for everybody")])


def install(app: FastAPI) -> None:
    """Serves the files at /static/."""
    app.include_router(router)


@router.api_route("/static/{digest}/{name}", methods=["GET", "HEAD"])
async def get_asset(digest: str, name: str) -> Response:
    """A file; for ever under the present digest. A page of another version gets the file of this one, for once."""
    asset = ASSETS.get(name)
    if asset is None:
        raise NotFound(what=f"/static/{digest}/{name}")
    headers = {
        "Cache-Control": _KEPT if digest == DIGEST else _ASKED_AGAIN,
        "X-Content-Type-Options": "nosniff",
    }
    return Response(asset.content, media_type=asset.media_type, headers=headers)
