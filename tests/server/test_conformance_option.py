"""The checks of the OpenAI contract, tried on a server that they have not started: as a shop tries its own."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server.conftest import Start
from tests.serving import surroundings
from tests.source import ROOT

pytestmark = pytest.mark.slow

QUESTION = "How long can I return a lamp?"
BY_SOCKET = " or ".join(f"test_{check}" for check in "07 08 09 10 11 12 13 20 22_no 24 25_missing 30_other 36_a_model 39_other".split())
"""Checks that need none of the others' clients, which a shop need not have. (A bare "20" stands in the name of a Chinese question too.)"""


def conformance(url: str, key: str, *options: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "pytest", "tests/conformance", "-q", "-p", "no:cacheprovider", "-k", BY_SOCKET]
    command += ["--base-url", url, "--key", key, *options]
    return subprocess.run(command, cwd=ROOT, env=surroundings(), capture_output=True, text=True, check=False, timeout=100)


def verdicts(said: str) -> dict[int, str]:
    """What the table says of each check."""
    found = re.findall(r"^ ?(\d+)  (FAILED|skipped|ok|not run|in part) ", said, re.M)
    return {int(number): verdict for number, verdict in found}


def test_a_server_in_use_is_tried_as_far_as_nothing_has_to_break(data: Path, start: Start) -> None:
    running = start(data)
    done = conformance(f"{running.url}/v1/", running.public_key, "--question", QUESTION)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    told = verdicts(done.stdout)
    assert [told[number] for number in (7, 8, 9, 10, 11, 12, 13, 20, 22, 25, 30, 39)] == ["ok"] * 12
    assert (told[24], told[36], told[1]) == ("in part", "skipped", "not run")
    assert "needs a server that these tests have started" in done.stdout
    assert running.public_key not in done.stdout + done.stderr


def test_what_does_not_hold_is_named(data: Path, start: Start) -> None:
    """Here the key is wrong: whatever asks with it fails, and refusals without one still hold."""
    running = start(data)
    done = conformance(running.url, "cd_live_wrong")
    told = verdicts(done.stdout)
    assert done.returncode == 1 and told[7] == told[20] == "FAILED" and told[22] == "ok"


def test_a_server_that_is_not_there_ends_the_run(free_port: int) -> None:
    done = conformance(f"http://127.0.0.1:{free_port}/v1", "k")
    assert done.returncode == 1 and f"Nothing answers at http://127.0.0.1:{free_port}:" in done.stdout + done.stderr


@pytest.mark.parametrize(("options", "said"), [(("http://127.0.0.1:1", ""), "go together"), (("answers.shop.example", "k"), "http://")])
def test_what_was_named_in_part_is_refused(options: tuple[str, str], said: str) -> None:
    done = conformance(*options)
    assert done.returncode == 4 and said in done.stderr and "Traceback" not in done.stderr


def test_make_says_what_it_wants() -> None:
    command = ["make", "-o", "env", "conformance", "KEY=k"]
    done = subprocess.run(command, cwd=ROOT, env=surroundings(), capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "make conformance BASE_URL=https://" in done.stderr
