"""Styles, the small script and the mark, at addresses that change with their contents, so that browsers keep them."""

import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, FastAPI, Response

from shared.identity.guard import open_to_all
from shared.problems import NotFound

_FOLDER = Path(__file__).parent / "static"
_KEPT = "public, max-age=31536000, immutable"
_ASKED_AGAIN = "no-cache"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of the pages. `digest` begins the SHA-256 of its contents."""

    name: str
    content: bytes
    media_type: str
    digest: str

    @property
    def path(self) -> str:
        """The path of its address."""
        return f"/static/{self.digest}/{self.name}"


def _asset(file: Path) -> Asset:
    content = file.read_bytes()
    media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return Asset(file.name, content, media_type, hashlib.sha256(content).hexdigest()[:12])


ASSETS = {file.name: _asset(file) for file in sorted(_FOLDER.iterdir())}
"""Every file of the pages by its name."""


def path_of(name: str) -> str:
    """The path at which a file of the pages is served.

    Raises:
        KeyError: there is no file of that name.
    """
    return ASSETS[name].path


router = APIRouter(include_in_schema=False, dependencies=[open_to_all("styles and script, the same for everybody")])


def install(app: FastAPI) -> None:
    """Serves the files at /static/."""
    app.include_router(router)


@router.api_route("/static/{digest}/{name}", methods=["GET", "HEAD"])
async def get_asset(digest: str, name: str) -> Response:
    """A file; for ever under its own digest. A page of another version gets the file of this one, for once."""
    asset = ASSETS.get(name)
    if asset is None:
        raise NotFound(what=f"/static/{digest}/{name}")
    headers = {
        "Cache-Control": _KEPT if digest == asset.digest else _ASKED_AGAIN,
        "X-Content-Type-Options": "nosniff",
    }
    return Response(asset.content, media_type=asset.media_type, headers=headers)
