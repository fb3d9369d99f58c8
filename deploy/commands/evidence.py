"""`ketluan evidence` and `ketluan verify-bundle`: asks an installation for a bundle, and checks one without any."""

import sys
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

import httpx
from rich.console import Console
from rich.markup import escape

from deploy.commands.asking import NotTaken, refusal_of
from deploy.commands.record import FileUnwritten, done
from deploy.exit_codes import REFUSED
from services.tasks.evidence.verifier import verify

_BUNDLING_SECONDS = 600.0


def run_evidence(address: str, given: Mapping[str, str], file: Path, data: Path) -> int:
    """Writes the bundle that an address gives into a file, whole or not at all. Gives the exit code."""

    def kept(http: httpx.Client) -> None:
        draft = file.parent / f"{file.name}.part"
        try:
            with http.stream("GET", address, params=given, timeout=_BUNDLING_SECONDS) as answer:
                if answer.is_error:
                    answer.read()
                    raise NotTaken(refusal_of(answer))
                with draft.open("wb") as target:
                    for piece in answer.iter_bytes():
                        target.write(piece)
            draft.replace(file)
        except OSError as error:
            raise FileUnwritten(str(error)) from error
        finally:
            draft.unlink(missing_ok=True)
        Console(file=sys.stdout, soft_wrap=True, highlight=False).print(
            f"{escape(str(file))}: {file.stat().st_size:,} byte. [dim]Kiểm tra (check it): ketluan verify-bundle "
            f"{escape(str(file))} --key …[/]"
        )

    return done(data, kept)


def run_verify_bundle(file: Path, arguments: list[str]) -> int:
    """Checks a bundle by this installation's own verifier, and says whether the bundle's is the same. Gives the exit
    code of the verifier."""
    code = verify.main([str(file), *arguments])
    if code == REFUSED:
        return code
    own = resources.files("services.tasks.evidence.verifier").joinpath("verify.py").read_bytes()
    try:
        same = verify.unpacked(file.read_bytes()).get(verify.VERIFIER) == own
    except (OSError, verify.Wrong):
        return code
    out = Console(file=sys.stdout, soft_wrap=True, highlight=False)
    if same:
        out.print(
            "✓ verify.py trong gói là của bản đã cài. [dim](the bundle's verify.py is that of this installation)[/]"
        )
    else:
        out.print(
            "? verify.py trong gói khác bản đã cài: của phiên bản khác, hoặc bị đổi. [dim](the bundle's verify.py is "
            "not that of this installation: of another version, or altered)[/]"
        )
    return code
