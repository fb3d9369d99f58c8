"""A damaged installation says so, is repaired while it stands still, and serves again."""

from pathlib import Path

import httpx

from tests.integration.embedded.installed import Installed
from tests.integration.embedded.test_commands import ketluan


def _harmed(data: Path) -> None:
    """Changes one bit of an event in the log's file."""
    (block,) = data.glob("nats/store/jetstream/*/streams/LOG/msgs/*.blk")
    content = bytearray(block.read_bytes())
    content[content.index(b"ketluan.TaskAssigned.v1")] ^= 1
    block.write_bytes(content)


def test_a_flipped_bit_is_found_and_mended_while_the_installation_stands(installed: Installed) -> None:
    _harmed(installed.data)
    found = ketluan(installed, "verify")
    assert found.returncode == 1, found.stdout + found.stderr
    assert "gap-in-log" in found.stdout
    planned = ketluan(installed, "repair")
    assert planned.returncode == 1, planned.stdout + planned.stderr
    assert "--yes" in planned.stdout
    mended = ketluan(installed, "repair", "--yes")
    assert mended.returncode == 0, mended.stdout + mended.stderr
    assert "gap-in-log" in mended.stdout
    with installed:
        refused = ketluan(installed, "repair", "--yes")
        assert refused.returncode == 2
        types = [each["event"]["type"] for each in installed.get("/v1/events?limit=1000")]
        assert types.count("ketluan.RecordRepaired.v1") == 1
        assert ketluan(installed, "verify").returncode == 0
        health = httpx.get(f"{installed.url}/tasks/readyz", trust_env=False, timeout=10).json()
        assert "record" not in health["notes"]
