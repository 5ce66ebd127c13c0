"""The serving benchmark's figures, and its command."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from eval.serving import order_of
from eval.serving_report import ARMS, ArmRun, summarise
from kb.encoders.hashing import HashingEncoder
from server.cli.main import app
from tests.fake_llm.server import FakeLlm
from tests.server import shop


def test_each_way_is_first_second_and_last_in_turn() -> None:
    orders = [order_of(number) for number in range(6)]
    assert len(set(orders)) == 6
    for place in range(3):
        assert sorted(order[place] for order in orders) == sorted([*ARMS] * 2)
    assert [order[::-1] for order in orders[::2]] == orders[1::2]


def test_the_ratios_are_medians_of_the_rounds() -> None:
    seconds = {"verified": (2.0, 5.0, 4.0), "unverified": (1.0, 4.0, 4.0), "direct": (1.0, 1.0, 1.0)}
    runs = [ArmRun(arm, number, seconds[arm][number], 4, 100, (0.01,), (0.02,), None) for number in range(3) for arm in reversed(ARMS)]
    report = summarise(16, runs)
    assert report.verified_over_unverified.tokens == report.verified_over_unverified.answers == 0.8
    assert report.verified_over_direct.answers == 0.25
    assert report.tokens_per_second == {"verified": 25.0, "unverified": 25.0, "direct": 100.0}
    assert (report.sent.sentences, report.sent.median_ms, report.settled.p95_ms) == (3, 10.0, 20.0)
    assert json.loads(json.dumps(report.to_json()))["verified_over_direct"] == {"tokens": 0.25, "answers": 0.25}


@pytest.fixture
def llm() -> Iterator[FakeLlm]:
    with FakeLlm("You can return it within 30 days. [1]") as fake:
        yield fake


@pytest.mark.slow
def test_the_command_prints_a_table_and_a_line_of_json(llm: FakeLlm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.publish(tmp_path / "data", encoder=HashingEncoder(256))
    for name, value in {"ENCODER": "hashing", "READER": "words"}.items():
        monkeypatch.setenv(f"CITEDESK_{name}", value)
    monkeypatch.setenv("COLUMNS", "200")
    options = ["--data", tmp_path / "data", "--llm-url", llm.base_url, "--rounds", 1, "--questions", 2, "--concurrent", "1,2"]
    result = CliRunner().invoke(app, ["eval", "serving", *map(str, options), "--max-tokens", "33"])
    assert result.exit_code == 0, result.output
    line = json.loads(result.stdout.splitlines()[-1])
    assert set(line) == {"1", "2"}
    assert line["2"]["concurrent"] == 2 and line["2"]["failed"] == 0 and len(line["2"]["runs"]) == 3
    assert "verified over direct" in result.stderr and "2 at once" in result.stderr
    assert llm.completions()[-1].body["max_completion_tokens"] == 33 and llm.completions()[-1].model == "fake"


def test_the_command_refuses_no_number() -> None:
    result = CliRunner().invoke(app, ["eval", "serving", "--concurrent", "1,some"])
    assert result.exit_code == 2 and "--concurrent 1,16" in result.stderr
