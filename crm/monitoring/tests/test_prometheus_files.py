"""deploy/monitoring: the dashboard and the rules ask for what `/metrics` tells, by labels that are there."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from crm.backups.models import Backup
from crm.core import metrics
from crm.core.clock import now
from crm.monitoring import collectors
from crm.monitoring.models import Process, ProcessKind, Sample

FILES = settings.BASE_DIR / "deploy" / "monitoring"
_METRIC = re.compile(r"\b(livia_\w+)(?:\{([^}]*)\})?(\[[^\]]+\])?")
_MATCHER = re.compile(r'(\w+)(=~|!~|!=|=)"([^"]*)"')
_GROUPED = re.compile(r"\b(?:by|on|without)\s*\(([^)]*)\)")
_FUNCTIONS = {
    "rate", "increase", "deriv", "sum", "max", "by", "on", "and", "or", "absent", "histogram_quantile", "topk",
    "vector",
}  # fmt: skip
_OVER_TIME = ("rate(", "increase(", "deriv(")


def _rules() -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load((FILES / "rules.yml").read_text())["groups"] for rule in group["rules"]]


def _expressions() -> Iterator[str]:
    yield from (rule["expr"] for rule in _rules())
    for path in FILES.glob("grafana/dashboards/*.json"):
        for panel in json.loads(path.read_text())["panels"]:
            yield from (target["expr"] for target in panel.get("targets", []))


@pytest.fixture
def known(db) -> dict[str, tuple[str, ...]]:
    """Series → labels, of what is counted and of what is asked for when there is something to tell."""
    figures = {"response_s", "model_s", "error_percent", "cpu_percent", "memory_percent", "queue", "db_connections"}
    Sample.objects.create(at=now(), **dict.fromkeys(figures, 1))
    moment = now() - timedelta(minutes=1)
    Backup.objects.create(
        name="a", place="b", started_at=moment, finished_at=now(), checked_at=now(), parts={"database": {}}
    )
    Process.objects.create(
        kind=ProcessKind.WEB, host="a", pid=1, started_at=moment, seen_at=now(), memory_mb=1, cpu_percent=1,
        host_cpu_percent=1, host_memory_percent=1, disk_percent=1,
    )  # fmt: skip
    found = dict(metrics.DEFINED) | {"livia_up": ("part",)}
    for metric in [*collectors.of_database(), *collectors.of_redis()]:
        for sample in metric.samples:
            found[sample.name] = tuple(sample.labels)
    return found


def test_every_figure_of_the_dashboard_and_the_rules_is_told(known) -> None:
    recorded = {rule["record"] for rule in _rules() if "record" in rule}
    asked = set()
    for expression in _expressions():
        assert all(name in recorded for name in re.findall(r"\blivia:[\w:]+", expression)), expression
        for name, matchers, _over in _METRIC.findall(expression):
            asked.add(name)
            assert name in known, f"{name}: {expression}"
            for label, _how, _value in _MATCHER.findall(matchers):
                assert label in known[name], f"{label}: {expression}"
        labels = {label for name, _m, _o in _METRIC.findall(expression) for label in known[name]}
        for group in _GROUPED.findall(expression):
            assert {word.strip() for word in group.split(",") if word.strip()} <= labels, expression
    untold = {name for name in known if name not in asked and not name.endswith(("_bucket", "_sum", "_count"))}
    assert untold <= {"livia_measured_model_seconds", "livia_measured_cpu_ratio", "livia_measured_memory_ratio",
                      "livia_measured_db_connections"}, "nobody looks at these"  # fmt: skip


def test_expressions_are_well_formed() -> None:
    for expression in _expressions():
        bare = re.sub(r'"[^"]*"', '""', expression)
        for opening, closing in ("()", "[]", "{}"):
            assert bare.count(opening) == bare.count(closing), expression
        assert set(re.findall(r"([a-z_]+)\s*\(", bare)) <= _FUNCTIONS, expression
        for match in _METRIC.finditer(expression):
            name, over = match[1], match[3]
            before = expression[: match.start()]
            assert bool(over) == before.endswith(_OVER_TIME), f"{name}: {expression}"
            if name.endswith(("_total", "_bucket", "_sum", "_count")):
                assert before.endswith(("rate(", "increase(")), f"a counter is read by its rate: {expression}"
            else:
                assert not before.endswith(("rate(", "increase(")), f"a gauge has no rate: {expression}"
        if "histogram_quantile" in expression:
            assert re.search(r"by \(le\b[^)]*\) \(rate\(\w+_bucket", expression), expression


def test_rules_alarm_at_the_products_own_limits() -> None:
    mirrored = {
        rule["labels"]["setting"]: float(re.search(r"> ([\d.]+)$", rule["expr"])[1])
        for rule in _rules()
        if "setting" in rule.get("labels", {})
    }
    names = ("RESPONSE_SECONDS", "MODEL_SECONDS", "ERROR_PERCENT", "CPU_PERCENT", "MEMORY_PERCENT", "QUEUE",
             "DB_CONNECTIONS")  # fmt: skip
    assert mirrored == {f"ALERT_{name}": float(getattr(settings, f"ALERT_{name}")) for name in names}
    for rule in _rules():
        if "alert" in rule:
            assert rule["labels"]["severity"] in {"warning", "critical"}
            assert set(rule["annotations"]) == {"summary", "description"}
            assert re.fullmatch(r"\d+[mh]", rule["for"])


def test_the_dashboard_has_a_row_for_each_part_and_no_two_panels_in_one_place() -> None:
    dashboard = json.loads((FILES / "grafana/dashboards/livia.json").read_text())
    rows = [panel["title"] for panel in dashboard["panels"] if panel["type"] == "row"]
    assert rows == ["Now", "Traffic", "Answers", "Model", "WhatsApp", "Queues", "Processes", "Database"]
    taken = set()
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert place["x"] + place["w"] <= 24 and not cells & taken, panel["title"]
        taken |= cells


def test_prometheus_and_grafana_are_told_where_to_look() -> None:
    asked = yaml.safe_load((FILES / "prometheus.yml").read_text())
    assert asked["rule_files"] == ["rules.yml"]
    assert "livia" in {job["job_name"] for job in asked["scrape_configs"]}, "the rules name it"
    services = yaml.safe_load((settings.BASE_DIR / "docker-compose.yml").read_text())["services"]
    for job in asked["scrape_configs"]:
        assert job["authorization"]["credentials_file"]
        assert set(job["dns_sd_configs"][0]["names"]) <= set(services)
    for path in FILES.glob("grafana/provisioning/*/*.yml"):
        assert yaml.safe_load(path.read_text())["apiVersion"] == 1
    source = yaml.safe_load((FILES / "grafana/provisioning/datasources/prometheus.yml").read_text())["datasources"][0]
    text = Path(FILES / "grafana/dashboards/livia.json").read_text()
    assert set(re.findall(r'"type": "prometheus",\s+"uid": "(\w+)"', text)) == {source["uid"]}
