"""The scripts behind the Makefile, at their edges. tests/test_demo.py runs the demo itself."""

import os
import subprocess
from pathlib import Path

import pytest

from scripts import lock
from scripts import test as runner
from tests.source import ROOT

REPORT = '<testsuites><testsuite tests="7" failures="1" errors="1" skipped="2"/></testsuites>'


def test_a_report_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "REPORTS", tmp_path)
    (tmp_path / "unit.xml").write_text(REPORT)
    count = runner.Count()
    count.add(runner.Stage("unit", selection="unit"), ok=False)
    assert count == runner.Count(passed=3, failed=2, skipped=2, stages=["unit"])


@pytest.mark.parametrize("selection", [None, "unit"])
def test_a_stage_that_died_counts_as_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, selection: str | None) -> None:
    monkeypatch.setattr(runner, "REPORTS", tmp_path)
    count = runner.Count()
    count.add(runner.Stage("unit", selection=selection), ok=False)
    assert (count.passed, count.failed) == (0, 1)


@pytest.mark.parametrize(("code", "ok"), [("pass", True), ("raise SystemExit(3)", False)])
def test_a_stage_ends_as_its_command_ends(code: str, ok: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "step.py").write_text(code)
    monkeypatch.setattr(runner, "ROOT", tmp_path)
    assert runner.run_stage(runner.Stage("step", ("step",))) is ok


def test_a_stage_keeps_what_it_compiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    (tmp_path / "step.py").write_text("import sys; raise SystemExit(sys.dont_write_bytecode)")
    monkeypatch.setattr(runner, "ROOT", tmp_path)
    assert runner.run_stage(runner.Stage("step", ("step",)))


def test_a_stage_that_selects_no_test_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    monkeypatch.setattr(runner, "ROOT", tmp_path)
    monkeypatch.setattr(runner, "REPORTS", tmp_path)
    assert not runner.run_stage(runner.Stage("idle", selection="browser"))
    assert "selects no test" in capsys.readouterr().out


def test_every_test_belongs_to_exactly_one_stage() -> None:
    """Each combination of markers, soak aside, is selected by one stage's expression."""
    names = ("reliability", "integration", "slow", "style", "demo", "browser", "vllm", "conformance")
    expressions = [one.selection for one in runner.STAGES if one.selection]
    for bits in range(2 ** len(names)):
        marks = {name: bool(bits >> index & 1) for index, name in enumerate(names)} | {"soak": False}
        chosen = [expression for expression in expressions if eval(expression, {}, dict(marks))]  # noqa: S307
        assert len(chosen) == 1, (marks, chosen)
        assert not any(eval(expression, {}, marks | {"soak": True}) for expression in expressions)  # noqa: S307


def test_pins_lose_their_build_tags_and_paths() -> None:
    freeze = "torch==2.13.0+cpu\n-e git+ssh://host/x#egg=x\nthing @ file:///somewhere/thing.whl\nnumpy==2.4.6\n"
    assert lock.pinned(freeze) == ["torch==2.13.0", "numpy==2.4.6"]


def test_an_old_python_is_refused_with_a_sentence(tmp_path: Path) -> None:
    old = tmp_path / "bin" / "python3"
    old.parent.mkdir()
    old.write_text("#!/bin/sh\n[ \"$1\" = --version ] && echo 'Python 3.9.2' && exit 0\nexit 1\n")
    old.chmod(0o755)
    copy = tmp_path / "tree"
    for name in ("pyproject.toml", "constraints/base.txt", "scripts/env.sh"):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_bytes((ROOT / name).read_bytes())
    done = subprocess.run(
        ["bash", str(copy / "scripts/env.sh")],
        env={**os.environ, "PYTHON": str(old)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stderr
    assert "Python 3.9.2" in done.stderr
    assert "make env PYTHON=" in done.stderr
    assert not (copy / ".venv").exists()


def test_missing_system_packages_are_named_to_a_user_who_cannot_install_them(tmp_path: Path) -> None:
    identity = tmp_path / "id"
    identity.write_text("#!/bin/sh\necho 1000\n")
    identity.chmod(0o755)
    done = subprocess.run(
        ["/bin/bash", str(ROOT / "scripts/system-packages.sh")], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert "sudo apt-get install chromium fonts-noto-cjk" in done.stderr
    assert " prometheus nodejs npm" in done.stderr
    assert "skipped" in done.stderr


@pytest.mark.parametrize("script", sorted(ROOT.glob("scripts/*.sh")) + [ROOT / ".ci/run"], ids=lambda path: path.name)
def test_shell_scripts_are_executable_and_parse(script: Path) -> None:
    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0
