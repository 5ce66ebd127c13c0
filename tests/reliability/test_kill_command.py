"""kill -9 of the real command, at any time of its life, with all that it has started."""

import logging
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

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
ENVIRONMENT = {"CITEDESK_ENCODER": "hashing", "PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}


class Command:
    """``citedesk ingest`` of one folder, in a process group of its own. ``seconds`` is how long its last whole run took."""

    def __init__(self, folder: Path, data: Path) -> None:
        self.seconds = 0.0
        self._said = data.with_suffix(".said")
        options = ["--data", str(data), "--workers", "1", "--confirm-loss", SOURCE]
        self._arguments = [sys.executable, "-m", "server.cli.main", "ingest", str(folder), *options]
        self._environment = ENVIRONMENT | {"HOME": str(data.parent), "XDG_CACHE_HOME": str(data.parent / "cache")}

    def run(self, kill_after: float | None = None) -> int:
        """Runs it, killed after so many seconds if it has not ended by then; its exit code, or minus the signal."""
        began = time.monotonic()
        with self._said.open("wb") as said:
            process = subprocess.Popen(self._arguments, env=self._environment, stdout=said, stderr=said, start_new_session=True)
        try:
            code = process.wait(kill_after)
            self.seconds = time.monotonic() - began
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            code = process.wait()
        assert code in (0, -signal.SIGKILL), self._said.read_text()
        assert eventually(lambda: group_members(process.pid) == []), "a child outlives it"
        return code


@pytest.mark.parametrize(
    "kills",
    [
        pytest.param(KILLS, marks=[pytest.mark.slow, pytest.mark.timeout(900)]),
        pytest.param(SOAK_KILLS, marks=[pytest.mark.soak, pytest.mark.timeout(3600)]),
    ],
)
def test_the_real_command_killed_at_random_times_leaves_old_or_new(tmp_path: Path, kills: int) -> None:
    shop, data, chance = ShopFolder(tmp_path / SOURCE), tmp_path / "data", random.Random(4)
    store, command = VersionStore(data), Command(shop.folder, data)
    assert command.run() == 0
    assert snapshot(store).contents == shop.hashes
    codes, staged, published = [], 0, 0
    for _ in range(kills):
        shop.edit()
        before = snapshot(store)
        codes.append(command.run(chance.uniform(0, 1.05 * command.seconds)))
        staged += any(store.layout.staging.iterdir())
        assert examine(store, before.contents, shop.hashes, acknowledged=codes[-1] == 0) == []
        published += snapshot(store).current != before.current
    killed = codes.count(-signal.SIGKILL)
    LOG.info("%d runs, %d killed, %d of them with a version half built, %d published", kills, killed, staged, published)
    assert killed >= 0.5 * kills
    shop.edit()
    assert command.run() == 0
    assert snapshot(store).contents == shop.hashes
    assert list(store.layout.staging.iterdir()) == []
