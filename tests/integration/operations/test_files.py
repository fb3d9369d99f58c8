"""What dashboard and alerts ask for exists, and whoever is woken by an alert finds what to do."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import yaml

from tests.integration.operations.conftest import Watched

_ROOT = Path(__file__).parents[3]
_ALERTS = _ROOT / "deploy" / "prometheus" / "alerts.yml"
_DASHBOARD = _ROOT / "deploy" / "grafana" / "dashboards" / "ketluan.json"
_RUNBOOK = _ROOT / "docs" / "operations.md"
_METRIC = re.compile(r"\bketluan_[a-z_]+")
_OF_HISTOGRAM = re.compile(r"_(bucket|sum|count)$")


def _alerts() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load(_ALERTS.read_text())["groups"]
    found: list[dict[str, Any]] = group["rules"]
    return found


def _told(watched: Watched) -> str:
    answers = (httpx.get(f"{each.operations}/metrics", trust_env=False) for each in watched.services.values())
    return "".join(answer.text for answer in answers)


def test_every_metric_of_dashboard_and_alerts_is_one_that_a_service_tells(watched: Watched) -> None:
    told = set(re.findall(r"^# TYPE (\S+) ", _told(watched), re.MULTILINE))
    panels = json.loads(_DASHBOARD.read_text())["panels"]
    asked = [target["expr"] for panel in panels for target in panel["targets"]]
    asked += [alert["expr"] for alert in _alerts()]

    wanted = {name for expression in asked for name in _METRIC.findall(expression)}

    assert len(wanted) > 30
    assert {name for name in wanted if name not in told and _OF_HISTOGRAM.sub("", name) not in told} == set()


def test_every_metric_that_a_service_tells_is_on_the_dashboard_or_wakes_somebody(watched: Watched) -> None:
    told = set(re.findall(r"^# TYPE (ketluan_\S+) ", _told(watched), re.MULTILINE))
    shown = _DASHBOARD.read_text() + _ALERTS.read_text()

    missing = {name for name in told if name not in shown and not name.startswith("ketluan_process_")}

    assert missing == set()


def test_every_alert_has_a_runbook(watched: Watched) -> None:
    headings = {heading.lower() for heading in re.findall(r"^### (\S+)$", _RUNBOOK.read_text(), re.MULTILINE)}

    for alert in _alerts():
        page, _, anchor = alert["annotations"]["runbook"].partition("#")
        assert page == "docs/operations.md"
        assert anchor == alert["alert"].lower()
        assert anchor in headings


def test_no_label_is_an_id_a_path_or_a_name(watched: Watched) -> None:
    told = _told(watched)
    labels = set(re.findall(r'[{,](\w+)="', told))

    assert labels <= {
        *("channel", "check", "code", "command", "follower", "le", "media_type", "method", "outcome", "release"),
        *("route", "rule", "service", "state", "status", "work"),
    }
    assert re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", told) is None
