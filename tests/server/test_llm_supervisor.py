"""The supervisor of a local server, with a small program in vLLM's place. tests/integration/test_vllm.py uses the real one."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from server.llm.errors import LlmServerError
from server.llm.guarded_process import LARGEST_LOG, ServerProgram
from server.llm.restart_budget import RestartBudget, RestartPolicy
from server.llm.supervisor import Supervisor
from server.settings import child_environment
from tests.processes import eventually, group_members
from tests.source import ROOT

pytestmark = pytest.mark.slow

FAKE = Path(__file__).with_name("fake_llm.py")
QUICK = RestartPolicy(first_pause=0.05, longest_pause=0.1, grace=2.0, start_limit=20.0)
SUPERVISING = """
import sys, time
from pathlib import Path
from server.llm.restart_budget import RestartPolicy
from server.llm.supervisor import Supervisor
from tests.server.test_llm_supervisor import program
with Supervisor(program(Path(sys.argv[1]), int(sys.argv[2])), int(sys.argv[2]), RestartPolicy(grace=2.0)) as supervisor:
    supervisor.wait_ready()
    print(supervisor.pid, flush=True)
    time.sleep(600)
"""


def program(folder: Path, port: int, *modes: str) -> ServerProgram:
    command = (sys.executable, str(FAKE), str(port), *modes)
    return ServerProgram(command, child_environment(folder, {}), folder, folder / "logs" / "server.log")


def guardian_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def running(supervisor: Supervisor) -> int:
    assert supervisor.pid is not None
    assert eventually(lambda: len(group_members(supervisor.pid or 0)) == 2), "the server and its worker"
    return supervisor.pid


def test_it_is_ready_and_leaves_nothing_behind(tmp_path: Path, free_port: int) -> None:
    with Supervisor(program(tmp_path, free_port), free_port, QUICK) as supervisor:
        supervisor.wait_ready()
        assert supervisor.ready
        group = running(supervisor)
    assert group_members(group) == []
    assert not supervisor.ready and supervisor.pid is None
    assert "fake server: starting" in (tmp_path / "logs" / "server.log").read_text()


def test_it_is_started_again_after_it_was_killed_and_its_workers_are_not_left(tmp_path: Path, free_port: int) -> None:
    with Supervisor(program(tmp_path, free_port), free_port, QUICK) as supervisor:
        supervisor.wait_ready()
        for restarts in (1, 2):
            group = running(supervisor)
            os.kill(group, signal.SIGKILL)
            assert eventually(lambda: group_members(group) == [])  # noqa: B023 - called at once
            assert eventually(lambda: supervisor.ready and supervisor.restarts == restarts)  # noqa: B023
            assert supervisor.pid != group
        last = running(supervisor)
    assert group_members(last) == []


def test_a_server_that_ignores_sigterm_is_killed_after_the_grace(tmp_path: Path, free_port: int) -> None:
    with Supervisor(program(tmp_path, free_port, "stubborn"), free_port, QUICK) as supervisor:
        supervisor.wait_ready()
        group = running(supervisor)
        started = time.monotonic()
    assert group_members(group) == []
    assert QUICK.grace <= time.monotonic() - started < QUICK.grace + 3


def test_a_server_that_ends_before_it_is_ready_is_not_started_again(tmp_path: Path, free_port: int) -> None:
    with Supervisor(program(tmp_path, free_port, "broken"), free_port, QUICK) as supervisor:
        with pytest.raises(LlmServerError, match=r"exit code 1.*fake server: no such model.*server\.log"):
            supervisor.wait_ready()
        assert supervisor.restarts == 0


def test_a_program_that_is_not_there_is_named(tmp_path: Path, free_port: int) -> None:
    absent = ServerProgram((str(tmp_path / "absent"),), child_environment(tmp_path, {}), tmp_path, tmp_path / "server.log")
    with Supervisor(absent, free_port, QUICK) as supervisor, pytest.raises(LlmServerError, match="No such file.*absent"):
        supervisor.wait_ready()


def test_a_server_that_never_becomes_ready_is_stopped(tmp_path: Path, free_port: int) -> None:
    policy = RestartPolicy(grace=2.0, start_limit=1.0)
    with Supervisor(program(tmp_path, free_port, "never-ready"), free_port, policy) as supervisor:
        assert eventually(lambda: supervisor.pid is not None)
        group = running(supervisor)
        with pytest.raises(LlmServerError, match="not ready after 1 seconds"):
            supervisor.wait_ready()
        assert group_members(group) == []


def test_stopping_does_not_wait_until_it_is_ready(tmp_path: Path, free_port: int) -> None:
    with Supervisor(program(tmp_path, free_port, "never-ready"), free_port, QUICK) as supervisor:
        assert eventually(lambda: supervisor.pid is not None)
        group = running(supervisor)
        started = time.monotonic()
    assert group_members(group) == []
    assert time.monotonic() - started < 5
    with pytest.raises(LlmServerError, match="stopped before it was ready"):
        supervisor.wait_ready()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_it_ends_when_the_supervising_process_is_killed(tmp_path: Path, free_port: int, number: signal.Signals) -> None:
    command = [sys.executable, "-c", SUPERVISING, str(tmp_path), str(free_port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        try:
            group = int(parent.stdout.readline())
            guardian = guardian_of(group)
            assert group_members(group)
        finally:
            parent.send_signal(number)
    assert eventually(lambda: group_members(group) == [] and group_members(guardian) == [])


def test_a_killed_guardian_takes_its_server_along_and_both_come_back(tmp_path: Path, free_port: int) -> None:
    with Supervisor(program(tmp_path, free_port), free_port, QUICK) as supervisor:
        supervisor.wait_ready()
        group = running(supervisor)
        os.kill(guardian_of(group), signal.SIGKILL)
        assert eventually(lambda: group_members(group) == [])
        assert eventually(lambda: supervisor.ready and supervisor.restarts == 1)


def test_it_outlives_the_thread_that_started_it(tmp_path: Path, free_port: int) -> None:
    supervisor = Supervisor(program(tmp_path, free_port), free_port, QUICK)
    starter = threading.Thread(target=lambda: supervisor.__enter__().wait_ready())
    starter.start()
    starter.join()
    try:
        group = running(supervisor)
        time.sleep(0.5)
        assert len(group_members(group)) == 2
        assert supervisor.restarts == 0
    finally:
        supervisor.stop()
    supervisor.stop()
    assert group_members(group) == []


def test_a_large_log_is_put_aside(tmp_path: Path, free_port: int) -> None:
    log = tmp_path / "logs" / "server.log"
    log.parent.mkdir()
    log.write_bytes(b"x" * (LARGEST_LOG + 1))
    with Supervisor(program(tmp_path, free_port), free_port, QUICK) as supervisor:
        supervisor.wait_ready()
    assert (log.parent / "server.log.1").stat().st_size == LARGEST_LOG + 1
    assert log.stat().st_size < 1000


def test_pauses_double_up_to_a_limit_and_begin_anew_after_a_quiet_time() -> None:
    budget = RestartBudget(RestartPolicy(most=9, window=100, first_pause=1, longest_pause=8))
    assert [budget.take(now) for now in (0, 2, 5, 10, 20)] == [1, 2, 4, 8, 8]
    assert budget.take(500) == 1


def test_no_window_holds_more_restarts_than_allowed() -> None:
    policy = RestartPolicy(most=3, window=100, first_pause=1, longest_pause=4)
    budget, now, moments = RestartBudget(policy), 0.0, []
    for _ in range(12):
        now += budget.take(now)
        moments.append(now)
    assert all(later - earlier >= policy.window for earlier, later in zip(moments, moments[policy.most :], strict=False))


def test_the_server_learns_none_of_our_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEDESK_LLM_KEY", "secret")
    monkeypatch.setenv("PATH", "/there")
    given = child_environment(Path("/here"), {"A": "1"})
    assert (given["PATH"], given["A"]) == ("/here:/there", "1")
    assert "secret" not in given.values()
