"""A service that stands still is replaced by the supervisor, and what only operators may see stays inside."""

import signal
import time

import httpx

from deploy.embedded.folder import DataFolder
from deploy.embedded.services import NAMES, operations
from tests.integration.embedded.installed import Installed

TEN_SECONDS = 10.0


def test_a_stopped_service_is_replaced_and_metrics_stay_on_this_machine(installed: Installed) -> None:
    with installed:
        folder = DataFolder(installed.data)
        ports = (folder.read(folder.running) or {})["ports"]
        for name in NAMES:
            inside = httpx.get(f"http://127.0.0.1:{ports[operations(name)]}/metrics", trust_env=False)
            assert f'service="{name}"' in inside.text
            for path in ("/metrics", f"/{name}/metrics"):
                assert httpx.get(installed.url + path, trust_env=False).status_code in {401, 404}

        stopped = installed.programs()["notify"]
        began = time.monotonic()
        stopped.send_signal(signal.SIGSTOP)

        installed.wait(lambda: installed.process_ids()["notify"] != stopped.pid and installed.is_ready(), TEN_SECONDS)

        assert time.monotonic() - began < TEN_SECONDS
        assert "service_replaced" in (folder.logs / "notify.log").read_text(encoding="utf-8")
