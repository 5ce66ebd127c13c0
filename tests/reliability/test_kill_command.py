"""kill -9 of the real command, at any time of its life, with all that it has started."""

import logging
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Literal

import pytest

from kb.store import VersionStore
from tests.processes import eventually, group_members
from tests.reliability.oracle import examine
from tests.reliability.shop_folder import ShopFolder
from tests.reliability.snapshot import snapshot
from tests.reliability.victim import SOURCE
from tests.source import ROOT

LOG = logging.getLogger(__name__)

KILLS = 10
SOAK_KILLS = 30
DOCUMENTS = 300
"""Enough for a build that can be met by a process that has to notice its beginning first."""
ENVIRONMENT = {"CITEDESK_ENCODER": "hashing", "PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}


Phase = Literal["life", "work", "build"]
PHASES: tuple[Phase, ...] = ("life", "work", "build")
"""From when a kill counts: from the start; from when the writer's lock is taken (until then it only imports); from when a version is
staged."""


class Command:
    """``citedesk ingest`` of one folder, in a process group of its own. ``seconds``: how long each phase of it may take."""

    def __init__(self, folder: Path, store: VersionStore) -> None:
        self.seconds: dict[Phase, float] = {}
        self._layout = store.layout
        self._said = store.data.with_suffix(".said")
        options = ["--data", str(store.data), "--workers", "1", "--confirm-loss", SOURCE]
        self._arguments = [sys.executable, "-m", "server.cli.main", "ingest", str(folder), *options]
        home = str(store.data.parent)
        self._environment = ENVIRONMENT | {"HOME": home, "XDG_CACHE_HOME": home}

    def run(self) -> None:
        """Runs it to its end, in success."""
        began: dict[Phase, float] = {}
        with self._started() as process:
            for phase in PHASES:
                self._wait_for(phase, process)
                began[phase] = time.monotonic()
            assert process.wait() == 0, self._said.read_text()
        self.seconds = {phase: time.monotonic() - start for phase, start in began.items()}

    def run_and_kill(self, phase: Phase, share: float) -> int:
        """Kills it after ``share`` of a phase, if it has not ended by then. Its exit code, or minus the signal."""
        with self._started() as process:
            for one in PHASES[: PHASES.index(phase) + 1]:
                self._wait_for(one, process)
            try:
                code = process.wait(share * self.seconds[phase])
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                code = process.wait()
        assert code in (0, -signal.SIGKILL), self._said.read_text()
        self.seconds[phase] *= 0.5 if code == 0 else 1.1  # it was expected to take too long, or perhaps not long enough
        assert eventually(lambda: group_members(process.pid) == []), "a child outlives it"
        return code

    def _started(self) -> "subprocess.Popen[bytes]":
        with self._said.open("wb") as said:
            return subprocess.Popen(self._arguments, env=self._environment, stdout=said, stderr=said, start_new_session=True)

    def _wait_for(self, phase: Phase, process: "subprocess.Popen[bytes]") -> None:
        lock, staging = self._layout.lock, self._layout.staging
        reached: dict[Phase, Callable[[], bool]] = {
            "life": lambda: True,
            "work": lambda: lock.is_file() and lock.read_text().strip() == str(process.pid),
            "build": lambda: any(path.stat().st_mtime > lock.stat().st_mtime for path in staging.glob("[0-9]*")),
        }
        while process.poll() is None:
            with suppress(FileNotFoundError):
                if reached[phase]():
                    return
            time.sleep(0.001)


@pytest.mark.parametrize(
    "kills",
    [
        pytest.param(KILLS, marks=[pytest.mark.slow, pytest.mark.timeout(900)]),
        pytest.param(SOAK_KILLS, marks=[pytest.mark.soak, pytest.mark.timeout(3600)]),
    ],
)
def test_the_real_command_killed_at_random_times_leaves_old_or_new(tmp_path: Path, kills: int) -> None:
    shop, data, chance = ShopFolder(tmp_path / SOURCE, documents=DOCUMENTS), tmp_path / "data", random.Random(4)
    store = VersionStore(data)
    command = Command(shop.folder, store)
    command.run()
    assert snapshot(store).contents == shop.hashes
    codes, staged, published = [], 0, 0
    for number in range(kills):
        shop.edit()
        before = snapshot(store)
        phase = PHASES[number % len(PHASES)]
        codes.append(command.run_and_kill(phase, chance.uniform(0, 1.05)))
        staged += any(store.layout.staging.iterdir())
        assert examine(store, before.contents, shop.hashes, acknowledged=codes[-1] == 0) == []
        published += snapshot(store).current != before.current
    killed = codes.count(-signal.SIGKILL)
    LOG.info("%d runs, %d killed, %d of them with a version half built, %d published", kills, killed, staged, published)
    assert killed >= 0.5 * kills and (staged > 0 or kills < SOAK_KILLS)  # a handful of kills may all miss the short time of the build
    shop.edit()
    command.run()
    assert snapshot(store).contents == shop.hashes
    assert list(store.layout.staging.iterdir()) == []
