"""Run the project's checks stage by stage, and end with one line that counts every test.

.venv/bin/python scripts/test.py            all stages
.venv/bin/python scripts/test.py unit style the named ones

What the machine lacks (vLLM, a browser, other people's clients) is skipped with its reason; with CI=true it fails (tests/conftest.py).
"""

import argparse
import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / "var" / "reports"
NO_TESTS_COLLECTED = 5
"""pytest's exit code when a stage selects no test."""


@dataclass(frozen=True)
class Stage:
    """One step. ``selection`` is a pytest marker expression; a stage without one is the plain ``command``.

    ``folder`` is the only one whose tests are looked at, so that nothing else is loaded.
    """

    name: str
    command: tuple[str, ...] = ()
    selection: str | None = None
    folder: str = ""

    @property
    def report(self) -> Path:
        """Where pytest writes what happened in this stage."""
        return REPORTS / f"{self.name}.xml"

    @property
    def arguments(self) -> list[str]:
        """The command line, run with this interpreter."""
        if self.selection is None:
            return [sys.executable, "-m", *self.command]
        report = f"--junitxml={self.report}"
        options = ["-q", "-m", self.selection, "--durations=5", "--durations-min=2", report]
        return [sys.executable, "-m", "pytest", *options, *([self.folder] if self.folder else [])]


_LATER = "style or demo or browser or soak or vllm or conformance"
STAGES = (
    Stage("lint", ("ruff", "check", ".")),
    Stage("types", ("mypy",)),
    Stage("unit", selection=f"not (reliability or integration or slow or {_LATER})"),
    Stage("reliability", selection=f"reliability and not ({_LATER})", folder="tests/reliability"),
    Stage("integration", selection=f"(integration or slow) and not (reliability or {_LATER})"),
    Stage("conformance", selection="conformance and not (style or demo or browser or soak or vllm)"),
    Stage("vllm", selection="vllm and not (style or demo or browser or soak)"),
    Stage("demo", selection="demo and not soak"),
    Stage("browser", selection="browser and not (demo or soak)"),
    Stage("style", selection="style and not (demo or browser or soak)"),
)


@dataclass
class Count:
    """How many tests ended how."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    stages: list[str] = field(default_factory=list)

    def add(self, stage: Stage, ok: bool) -> None:
        """Count a finished stage: its tests, or the stage itself as one check when it is no pytest run or died early."""
        passed, failed, skipped = read_report(stage.report) if stage.selection else (0, 0, 0)
        if stage.selection is None or (not ok and not failed):
            passed, failed = passed + ok, failed + (not ok)
        self.passed += passed
        self.failed += failed
        self.skipped += skipped
        if not ok:
            self.stages.append(stage.name)


def read_report(report: Path) -> tuple[int, int, int]:
    """Passed, failed and skipped tests of one JUnit file; zeros when pytest wrote none."""
    if not report.exists():
        return 0, 0, 0
    passed = failed = skipped = 0
    for suite in ElementTree.parse(report).getroot().iter("testsuite"):
        bad = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        idle = int(suite.get("skipped", 0))
        passed += int(suite.get("tests", 0)) - bad - idle
        failed += bad
        skipped += idle
    return passed, failed, skipped


def environment() -> dict[str, str]:
    """This process's, with compiled modules kept: container images often forbid that.

    pytest would then rewrite the assertions of every test file anew in every stage, and each server that a test starts would compile
    the whole tree: together minutes.
    """
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def run_stage(stage: Stage) -> bool:
    """Run one stage, its output passed through; whether it succeeded."""
    print(f"\n=== {stage.name}", flush=True)
    stage.report.unlink(missing_ok=True)
    started = time.monotonic()
    code = subprocess.run(stage.arguments, cwd=ROOT, env=environment(), check=False).returncode
    verdict = "ok" if code == 0 else f"FAILED (exit code {code})"
    if stage.selection and code == NO_TESTS_COLLECTED:
        verdict = "FAILED (it selects no test: a stage that checks nothing does not pass)"
    print(f"=== {stage.name}: {verdict} in {time.monotonic() - started:.1f} s", flush=True)
    return code == 0


def main() -> int:
    """Run the stages, all of them even when an early one fails."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stages", nargs="*", metavar="STAGE", help=", ".join(stage.name for stage in STAGES))
    chosen = parser.parse_args().stages
    unknown = set(chosen) - {stage.name for stage in STAGES}
    if unknown:
        parser.error(f"no such stage: {', '.join(sorted(unknown))}")
    REPORTS.mkdir(parents=True, exist_ok=True)
    count = Count()
    for stage in STAGES:
        if not chosen or stage.name in chosen:
            count.add(stage, run_stage(stage))
    print(f"\nfailed stages: {', '.join(count.stages)}" if count.stages else "\nall stages ok")
    print(f"{count.passed} passed, {count.failed} failed, {count.skipped} skipped")
    return 1 if count.stages else 0


if __name__ == "__main__":
    sys.exit(main())
