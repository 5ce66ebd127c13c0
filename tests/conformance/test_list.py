"""The list of checks is whole. (These run in seconds, beside the checks themselves.)"""

import ast
from pathlib import Path

from tests.conformance.checks import CHECKS, check_of
from tests.conformance.report import CheckReport

HERE = Path(__file__).parent


def test_there_are_forty() -> None:
    assert sorted(CHECKS) == list(range(1, 41))


def test_every_check_has_a_test() -> None:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in HERE.glob("test_*.py")]
    names = [node.name for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert {number for name in names if (number := check_of(name)) is not None} == set(CHECKS)


def test_the_report_counts_a_check_that_fails_once_as_failed() -> None:
    report = CheckReport()
    told = "test_07_a[x] passed, test_07_a[y] failed, test_08_b passed, test_09_c skipped, test_10_a skipped, test_10_b passed"
    for name, outcome in (one.split() for one in told.split(", ")):
        report.add(f"tests/conformance/test_stream.py::{name}", outcome, [("ms", 3)] if outcome == "passed" else [])
    lines = list(report.lines())
    assert lines[6].split()[:2] == ["7", "FAILED"] and lines[6].endswith("(ms 3)")
    assert [line.split()[1] for line in lines[7:9]] == ["ok", "skipped"]
    assert lines[9].split()[1:3] == ["in", "part"]
    assert lines[-1] == "1 of 40 checks hold"


def test_tests_elsewhere_are_no_checks() -> None:
    report = CheckReport()
    report.add("tests/server/test_x.py::test_07_a", "passed", [])
    assert report.outcomes == {}
