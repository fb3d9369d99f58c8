"""Programs of this machine that some tests need: without them those are skipped, but fail where CI promises them."""

import os
import shutil
from collections.abc import Sequence

import pytest

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""The names that Chromium has."""


def installed(names: Sequence[str], reason: str) -> str:
    """The path of the first of these programs that is installed. Without one the test is skipped for the reason, or
    fails where CI is set."""
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found
