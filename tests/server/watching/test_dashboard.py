"""What the dashboard and the alerts ask for exists, in the catalogue and on a real page; and docs/watching.md lists it."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from server.cli.main import app
from server.watching.catalogue import CATALOGUE, Metric
from tests.fake_llm.server import FakeLlm
from tests.server.conftest import Start
from tests.server.watching.scraped import BY_MODEL, ask, scrape_until
from tests.server.watching.series import ALERTS
from tests.server.watching.test_metrics import answers, record
from tests.source import ROOT

DASHBOARD = json.loads((ROOT / "examples/monitoring/grafana-dashboard.json").read_text(encoding="utf-8"))
RULES = [rule for group in yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"] for rule in group["rules"]]
WATCHING = (ROOT / "docs/watching.md").read_text(encoding="utf-8")
BY_PROMETHEUS = {"job", "instance", "le"}
KNOWN = {metric.name: metric for metric in CATALOGUE}
SUFFIXES = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_sum", "_count")}
SERIES = {f"{metric.name}{suffix}": metric for metric in CATALOGUE for suffix in SUFFIXES[metric.kind]}
VARIABLES = {"$__rate_interval": "5m", "$job": "citedesk", "$instance": ".*"}
_SELECTOR = re.compile(r"\b(citedesk_\w+|process_\w+|up)\b(?:\{([^}]*)\})?")
_GROUPING = re.compile(r"\bby \(([^)]*)\)")


def panels() -> list[dict[str, Any]]:
    return [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]


def queries() -> Iterator[str]:
    for panel in panels():
        for target in panel["targets"]:
            expression = target["expr"]
            for name, value in VARIABLES.items():
                expression = expression.replace(name, value)
            yield expression


def expressions() -> list[str]:
    return [*queries(), *(rule["expr"] for rule in RULES)]


@pytest.mark.parametrize("expression", sorted(set(expressions())))
def test_every_metric_and_label_that_is_asked_for_exists(expression: str) -> None:
    asked = _SELECTOR.findall(expression)
    assert asked
    labels: set[str] = set(BY_PROMETHEUS)
    for name, matchers in asked:
        if name.startswith("citedesk_"):
            labels |= set(SERIES[name].labels)
        own = set(SERIES[name].labels) if name.startswith("citedesk_") else set()
        assert set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", matchers)) <= own | BY_PROMETHEUS
    for group in _GROUPING.findall(expression):
        assert {label.strip() for label in group.split(",")} <= labels


def test_every_metric_stands_on_a_page_of_a_busy_server(data: Path, start: Start) -> None:
    """Those of a queue are told by tests of their own; those of a damaged version need none."""
    with FakeLlm(BY_MODEL) as llm:
        running = start(data, llm_url=llm.base_url, llm_model="fake")
        record(running, "published")
        with running.http() as http:
            http.get("/nowhere")
        ask(running)
        found = scrape_until(running, lambda found: answers(found) == 1)
    wanted = {name for expression in expressions() for name, _ in _SELECTOR.findall(expression)} - {"up"}
    shown = {name for name, _ in found.samples}
    assert wanted - shown <= {"citedesk_queue_waiting", "citedesk_queue_running"}
    assert set(KNOWN) - set(found.families) <= {"citedesk_queue_waiting", "citedesk_queue_running"}


def test_the_dashboard_can_be_loaded() -> None:
    assert DASHBOARD["uid"] == "citedesk" and DASHBOARD["schemaVersion"] >= 39
    identifiers = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(identifiers) == len(set(identifiers))
    places: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
        assert not cells & places and place["x"] + place["w"] <= 24
        places |= cells
    assert all(panel["datasource"]["uid"] == "${datasource}" and panel["title"] and panel["targets"] for panel in panels())
    assert {variable["name"] for variable in DASHBOARD["templating"]["list"]} == {"datasource", "job", "instance"}


def test_prometheus_understands_every_query_and_rule(promtool: Path, tmp_path: Path) -> None:
    rules = [{"record": f"panel:{number}", "expr": expression} for number, expression in enumerate(queries())]
    path = tmp_path / "queries.yml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": rules}]}), encoding="utf-8")
    for checked in (path, ALERTS):
        done = subprocess.run([promtool, "check", "rules", str(checked)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    scraping = ["check", "config", "--syntax-only", str(ROOT / "examples/monitoring/prometheus.yml")]
    assert subprocess.run([promtool, *scraping], capture_output=True, check=False).returncode == 0


def test_the_scrape_is_of_the_address_and_key_that_the_server_has() -> None:
    (job,) = yaml.safe_load((ROOT / "examples/monitoring/prometheus.yml").read_text(encoding="utf-8"))["scrape_configs"]
    assert (job["metrics_path"], job["job_name"], job["authorization"]["type"]) == ("/metrics", "citedesk", "Bearer")


@pytest.mark.parametrize("path", ["docs/watching.md", "examples/monitoring/prometheus.yml"])
def test_the_key_that_they_tell_how_to_make_reads_metrics_and_nothing_else(tmp_path: Path, path: str) -> None:
    (words,) = re.findall(r"citedesk (keys create [^\n#]+)", (ROOT / path).read_text(encoding="utf-8"))
    made = CliRunner().invoke(app, [*words.split(), "--data", str(tmp_path), "--json"])
    assert made.exit_code == 0, made.output
    assert json.loads(made.stdout.splitlines()[-1])["scopes"] == ["metrics"]


def row_of(metric: Metric) -> str:
    name = f"{metric.name}_total" if metric.kind == "counter" else metric.name
    labels = ", ".join(f"`{label}`" for label in metric.labels)
    return f"| `{name}` | {metric.kind} | {labels} | {metric.help} |"


def test_the_document_lists_every_metric_and_no_other() -> None:
    rows = [line for line in WATCHING.splitlines() if line.startswith("| `citedesk_")]
    assert rows == [row_of(metric) for metric in CATALOGUE]


def test_names_follow_prometheus_conventions() -> None:
    for metric in CATALOGUE:
        assert re.fullmatch(r"citedesk_[a-z_]+", metric.name) and not metric.name.endswith(("_total", "_count", "_sum", "_bucket"))
        assert metric.help.endswith(".") and metric.kind in SUFFIXES
        assert (metric.kind == "histogram") == bool(metric.buckets) and tuple(sorted(metric.buckets)) == metric.buckets
        assert metric.kind != "histogram" or metric.name.endswith("_seconds")
