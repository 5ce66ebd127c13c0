"""The examples for systemd and cron do what docs/nightly.md says, with the command line as it is."""

import configparser
import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.main import get_command

from ingest.report import EXIT_CODES
from server.cli.main import app
from server.settings import Settings
from tests.source import ROOT

EXAMPLES = ROOT / "examples"
UNITS = sorted((EXAMPLES / "systemd").iterdir())
NIGHTLY = (ROOT / "docs/nightly.md").read_text(encoding="utf-8")
PROGRAM = "/opt/citedesk/.venv/bin/citedesk"


def unit(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string((EXAMPLES / "systemd" / name).read_text(encoding="utf-8"))
    return parser


def check_arguments(words: list[str]) -> None:
    """The command line takes these arguments. Raises what it would print."""
    commands = get_command(app).commands  # type: ignore[attr-defined]
    with commands[words[0]].make_context(words[0], words[1:]) as context:
        assert context.params


def test_the_units_are_there_and_have_their_parts() -> None:
    assert [path.name for path in UNITS] == [
        "citedesk-ingest-failed.service", "citedesk-ingest.service", "citedesk-ingest.timer", "citedesk.service"
    ]  # fmt: skip
    timer = unit("citedesk-ingest.timer")
    assert timer["Timer"]["Persistent"] == "true" and timer["Install"]["WantedBy"] == "timers.target"
    zone = timer["Timer"]["OnCalendar"].split()[-1]
    assert f"CITEDESK_TIMEZONE={zone}" in (EXAMPLES / "systemd/citedesk-ingest.service").read_text(encoding="utf-8")
    assert Settings(timezone=zone).timezone == zone


def test_the_service_knows_the_exit_codes() -> None:
    service = unit("citedesk-ingest.service")["Service"]
    assert service["SuccessExitStatus"] == str(EXIT_CODES["unchanged"])
    assert service["ProtectSystem"] == "strict" and "/var/lib/citedesk" in service["ReadWritePaths"].split()
    on_failure = unit("citedesk-ingest.service")["Unit"]["OnFailure"]
    assert (EXAMPLES / "systemd" / on_failure).is_file()


def test_the_server_has_time_to_finish_and_leaves_runs_alone() -> None:
    service = unit("citedesk.service")["Service"]
    assert int(service["TimeoutStopSec"]) > Settings().drain_seconds
    assert service["KillMode"] == "process" and service["Restart"] == "on-failure"


@pytest.mark.parametrize("name", ["citedesk.service", "citedesk-ingest.service", "citedesk-ingest-failed.service"])
@pytest.mark.slow
def test_their_commands_are_commands(name: str) -> None:
    program, *words = shlex.split(unit(name)["Service"]["ExecStart"])
    assert program == PROGRAM
    check_arguments(words)


def test_a_wrong_argument_would_be_seen() -> None:
    with pytest.raises(Exception, match="--nightly"):
        check_arguments(["ingest", "/srv", "--nightly"])


@pytest.mark.parametrize("path", ["systemd/citedesk.service", "systemd/citedesk-ingest.service", "cron/citedesk-ingest.sh"])
def test_the_settings_they_give_exist(path: str) -> None:
    known = {f"CITEDESK_{name.upper()}" for name in Settings.model_fields}
    words = shlex.split((EXAMPLES / path).read_text(encoding="utf-8"), comments=True)
    given = {name for word in words for name in [word.removeprefix("Environment=").partition("=")[0]] if name.startswith("CITEDESK_")}
    assert given and given <= known


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not on this machine")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for path in UNITS:  # with a program and a user that exist here
        text = path.read_text(encoding="utf-8").replace(PROGRAM, "/bin/true").replace("=citedesk\nGroup=citedesk", "=daemon")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    command = ["systemd-analyze", "verify", *(str(tmp_path / path.name) for path in UNITS)]
    got = subprocess.run(command, capture_output=True, text=True, check=False)
    complaints = [line for line in got.stderr.splitlines() if "citedesk-ingest" in line]
    assert complaints == [], got.stderr


@pytest.mark.parametrize(("code", "told"), [(0, False), (3, False), (4, True), (5, True), (75, True), (1, True), (143, True)])
def test_the_cron_script_speaks_after_a_bad_night_only(tmp_path: Path, code: int, told: bool) -> None:
    script = (EXAMPLES / "cron/citedesk-ingest.sh").read_text(encoding="utf-8")
    assert PROGRAM.rpartition("/")[0] in script
    program = tmp_path / "citedesk"
    program.write_text(f'#!/bin/sh\necho "asked: $*"\necho 退货 >&2\nexit {code}\n', encoding="utf-8")
    program.chmod(0o755)
    script = script.replace(PROGRAM.rpartition("/")[0], str(tmp_path))
    got = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False, env=dict(os.environ))
    if not told:
        assert (got.returncode, got.stdout, got.stderr) == (0, "", "")
        return
    assert got.returncode == code and f"exit code {code}" in got.stdout and "退货" in got.stdout
    asked = next(line for line in got.stdout.splitlines() if line.startswith("asked: "))
    check_arguments(shlex.split(asked.removeprefix("asked: ")))


def test_the_line_for_cron_calls_the_script() -> None:
    (line,) = [line for line in (EXAMPLES / "cron/citedesk").read_text(encoding="utf-8").splitlines() if line[:1].isdigit()]
    *_times, user, program = line.split()
    assert user == "citedesk" and (ROOT / Path(program).relative_to("/opt/citedesk")).stat().st_mode & 0o111


def test_the_page_tells_every_exit_code_and_outcome() -> None:
    for outcome, code in EXIT_CODES.items():
        assert f"| {code} | `{outcome}` |" in NIGHTLY
