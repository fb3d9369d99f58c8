"""What the services of one machine are told."""

from pathlib import Path

from deploy.embedded.folder import DataFolder
from deploy.embedded.services import NAMES, program

PORTS = {name: number for number, name in enumerate(("nats", "postgres", *NAMES), start=15_000)}
PASSWORDS = dict.fromkeys((*NAMES, "ketluan_tasks", "ketluan_notify"), "secret")


def test_every_service_counts_days_in_the_zone_that_was_set(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)

    for name in NAMES:
        told = program(
            name, folder, PORTS, "http://127.0.0.1:8080", "Asia/Tokyo", "key", PASSWORDS, PASSWORDS
        ).environment
        assert told["KETLUAN_ZONE"] == "Asia/Tokyo"
