"""``--llm`` and ``--llm-url``, with a small program where the cache has vLLM's Python."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from kb.encoders.hashing import HashingEncoder
from server.llm.environment import CPU, GPU, MARKER, environment_folder, has_gpu
from tests.processes import eventually, group_members
from tests.server import shop

pytestmark = pytest.mark.slow

FAKE = Path(__file__).with_name("fake_llm.py")
PYTHON = """#!/bin/sh
while [ "$1" != --port ]; do shift; done
exec {python} {fake} "$2" {modes}
"""


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shop's data folder; the commands use the encoder that needs no weights."""
    folder = tmp_path / "data"
    shop.publish(folder, encoder=HashingEncoder(256))
    settings = {"ENCODER": "hashing", "READER": "words", "DATA": str(folder), "CACHE": str(tmp_path / "cache")}
    for name, value in settings.items():
        monkeypatch.setenv(f"CITEDESK_{name}", value)
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "my-model").mkdir()
    return folder


def pretend_prepared(cache: Path, *modes: str) -> None:
    """What `citedesk prepare --llm` leaves, as far as can be seen from outside."""
    folder = environment_folder(cache, GPU if has_gpu() else CPU)
    python = folder / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(PYTHON.format(python=sys.executable, fake=FAKE, modes=" ".join(modes)))
    python.chmod(0o755)
    (folder / MARKER).touch()


def command(name: str, *arguments: object) -> list[str]:
    return [sys.executable, "-m", "server.cli.main", name, *map(str, arguments)]


def run(name: str, *arguments: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command(name, *arguments), capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.slow
def test_serve_starts_it_and_sigterm_stops_both(tmp_path: Path, data: Path, free_port: int) -> None:
    pretend_prepared(tmp_path / "cache")
    serve = command("serve", "--llm", tmp_path / "my-model", "--port", free_port, "--json")
    with subprocess.Popen(serve, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ)) as server:
        assert server.stdout is not None and server.stderr is not None
        assert json.loads(server.stdout.readline())["kb_version"] == "000001"
        started = re.search(r"starting as (\d+)", (data / "logs" / "vllm.log").read_text())
        assert started
        group = int(started[1])
        assert len(group_members(group)) == 2
        assert httpx.get(f"http://127.0.0.1:{free_port}/healthz").status_code == 200
        server.send_signal(signal.SIGTERM)
        _, errors = server.communicate(timeout=30)
    assert server.returncode == 128 + signal.SIGTERM
    assert group_members(group) == []
    assert "vLLM is ready with my-model" in errors and "Traceback" not in errors


@pytest.mark.slow
def test_a_killed_serve_takes_it_along(tmp_path: Path, data: Path, free_port: int) -> None:
    pretend_prepared(tmp_path / "cache")
    serve = command("serve", "--llm", tmp_path / "my-model", "--port", free_port, "--json")
    with subprocess.Popen(serve, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=dict(os.environ)) as server:
        assert server.stdout is not None
        server.stdout.readline()
        group = int((data / "logs" / "vllm.log").read_text().split("starting as ")[1].split()[0])
        assert group_members(group)
        server.kill()
    assert eventually(lambda: group_members(group) == [])


def test_a_model_that_cannot_be_served_ends_the_command_with_its_last_words(tmp_path: Path, free_port: int) -> None:
    pretend_prepared(tmp_path / "cache", "broken")
    done = run("serve", "--llm", tmp_path / "my-model", "--port", free_port)
    assert done.returncode == 1
    assert "fake server: no such model" in done.stderr and "vllm.log" in done.stderr and "Traceback" not in done.stderr


def test_a_name_that_is_no_model_is_refused(tmp_path: Path, free_port: int) -> None:
    pretend_prepared(tmp_path / "cache")
    done = run("serve", "--llm", "my-modle", "--port", free_port)
    assert done.returncode == 1 and "no folder my-modle" in done.stderr


@pytest.mark.slow
def test_a_server_elsewhere_must_say_what_it_serves_or_be_told(free_port: int) -> None:
    done = run("serve", "--llm-url", f"http://127.0.0.1:{free_port}/v1", "--port", 0)
    assert done.returncode == 1
    assert "does not say which model it serves" in done.stderr and "--llm" in done.stderr
    assert "CITEDESK_LLM_URL is wrong" in run("serve", "--llm-url", "http://127.0.0.1:1").stderr


@pytest.mark.slow
def test_a_named_model_elsewhere_may_be_down(free_port: int) -> None:
    serve = command("serve", "--llm-url", "http://127.0.0.1:9/v1", "--llm", "some-model", "--port", free_port, "--json")
    with subprocess.Popen(serve, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=dict(os.environ)) as server:
        assert server.stdout is not None
        assert json.loads(server.stdout.readline())["kb_version"] == "000001"
        server.terminate()
        server.communicate(timeout=30)
