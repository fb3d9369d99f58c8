"""A damaged installation says so, is repaired while it stands still, and serves again."""

from pathlib import Path

from tests.integration.embedded.installed import Installed
from tests.integration.embedded.test_commands import ketluan


def _harmed(data: Path) -> None:
    """Changes one bit of an event in the log's file."""
    (block,) = data.glob("nats/store/jetstream/*/streams/LOG/msgs/*.blk")
    content = bytearray(block.read_bytes())
    content[content.index(b"ketluan.TaskAssigned.v1")] ^= 1
    block.write_bytes(content)


def test_a_flipped_bit_is_found_and_mended_while_the_installation_stands(installed: Installed) -> None:
    sound = ketluan(installed, "verify")
    assert sound.returncode == 0, sound.stdout + sound.stderr
    _harmed(installed.data)
    found = ketluan(installed, "verify")
    assert found.returncode == 1, found.stdout + found.stderr
    assert "gap-in-log" in found.stdout
    planned = ketluan(installed, "repair")
    assert planned.returncode == 1, planned.stdout + planned.stderr
    assert "--yes" in planned.stdout
    assert ketluan(installed, "verify").returncode == 1
    mended = ketluan(installed, "repair", "--yes")
    assert mended.returncode == 0, mended.stdout + mended.stderr
    with installed:
        refused = ketluan(installed, "repair", "--yes")
        assert refused.returncode == 2
        events = installed.get("/v1/events?limit=1000")
        assert events[-1]["event"]["type"] == "ketluan.RecordRepaired.v1"
        assert ketluan(installed, "verify").returncode == 0
        assert installed.get("/v1/record/verification")["state"] == "sound"
