"""The README's demo, run as a stranger runs it: ingest, three questions, again, then the served curl line."""

import json
import os
import re
import shlex
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.processes import heed_signals
from tests.source import ROOT

pytestmark = [pytest.mark.demo, pytest.mark.timeout(900)]
STARTUP_SECONDS = 120


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "data"


@pytest.fixture(scope="module")
def environment(data: Path, encoder_cache: Path) -> dict[str, str]:
    if not (ROOT / ".venv/bin/citedesk").exists():
        pytest.fail("the environment .venv has no citedesk; `make env` installs it")
    return {**os.environ, "CITEDESK_CACHE": str(encoder_cache), "DEMO_DATA": str(data), "COLUMNS": "200"}


def demo(environment: dict[str, str]) -> str:
    done = subprocess.run(
        [ROOT / "scripts/demo.sh"], env={**environment, "DEMO_SERVE": "0"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def first_run(environment: dict[str, str]) -> str:
    return demo(environment)


def answers(output: str) -> list[str]:
    """What the demo printed under each of its questions, without the links: their signatures change from run to run."""
    return re.split(r"^\S*\? .*$", re.sub(r"https?://\S+", "", output), flags=re.M)[1:]


def test_it_answers_two_questions_with_citations_and_declines_the_third(first_run: str) -> None:
    english, chinese, unanswerable = answers(first_run)
    assert "30 days" in english
    assert "[1]" in english and "returns" in english
    assert "6 个月" in chinese.replace("6个月", "6 个月")
    assert "[1]" in chinese
    assert "[1]" not in unanswerable
    assert unanswerable.strip()


def test_it_can_be_run_again_and_publishes_nothing_new(first_run: str, environment: dict[str, str], data: Path) -> None:
    published = (data / "kb/CURRENT").read_bytes()
    assert answers(demo(environment)) == answers(first_run)
    assert (data / "kb/CURRENT").read_bytes() == published


@pytest.fixture
def served(first_run: str, environment: dict[str, str], free_port: int, tmp_path: Path) -> Iterator[str]:
    """What the demo printed while it serves."""
    log = tmp_path / "output.txt"
    with log.open("w") as out:
        told = {**environment, "DEMO_PORT": str(free_port)}
        process = subprocess.Popen([ROOT / "scripts/demo.sh"], env=told, stdout=out, stderr=subprocess.STDOUT, preexec_fn=heed_signals)
        try:
            wait_until_ready(free_port, process, log)
            yield log.read_text(encoding="utf-8")
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)


def wait_until_ready(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text(encoding="utf-8")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"not ready after {STARTUP_SECONDS} s:\n{log.read_text(encoding='utf-8')}")


def test_the_curl_line_it_prints_works(served: str) -> None:
    (line,) = re.findall(r"^curl .*$", served, re.M)
    done = subprocess.run(shlex.split(line), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    reply: dict[str, Any] = json.loads(done.stdout)
    message = reply["choices"][0]["message"]
    assert "30 days" in message["content"]
    assert message["annotations"][0]["type"] == "url_citation"
    assert any(source["document"] == "policies/returns.md" for source in reply["sources"])
