"""A night, a rollback, a removal of old versions and a forgetting, killed or failed by the disk at every n-th system call that
writes: before or after, never between."""

import logging
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from kb.document import document_id
from kb.store import VersionStore
from tests.reliability.shop_folder import ShopFolder
from tests.reliability.snapshot import Snapshot, compare, snapshot
from tests.reliability.strace import FAULTS, SYSTEM_CALLS, Zygote
from tests.reliability.victim import SOURCE, ingest_night
from tests.reliability.zygote import REFUSED

LOG = logging.getLogger(__name__)

STRIDE = 10
"""Of the calls that are tried in turn, how many are passed over each time in the short form."""


@pytest.fixture
def strace() -> str:
    found = shutil.which("strace")
    if found is None:
        pytest.skip("no strace on this machine: apt-get install strace")
    return found


class Scene:
    """Four versions of a shop that has changed since. Gives the act ``act`` what to do, and the states that it leads through."""

    def __init__(self, folder: Path, act: str) -> None:
        self.act = act
        self.base, self.shop = folder / "base", ShopFolder(folder / "shop", documents=5)
        for _ in range(4):
            ingest_night(self.base, self.shop.folder)
            self.shop.edit(4)
        self.before = snapshot(VersionStore(self.base))
        self.what, self.after = getattr(self, f"_{act}")()

    @property
    def states(self) -> Sequence[Snapshot]:
        return self.before, self.after

    def end(self, left: Snapshot) -> Snapshot:
        """What the same act makes of what was ``left``. A version that was complete and never became current keeps its number."""
        return self._published(left) if self.act == "ingest_night" and left.current == self.before.current else self.after

    def _published(self, now: Snapshot) -> Snapshot:
        return replace(now, versions={**now.versions, now.next_id: self.shop.hashes}, current=now.next_id)

    def _ingest_night(self) -> tuple[str, Snapshot]:
        return str(self.shop.folder), self._published(self.before)

    def _go_back(self) -> tuple[str, Snapshot]:
        return "000001", replace(self.before, current="000001", held="000001")

    def _remove_old(self) -> tuple[str, Snapshot]:
        return "1", self.before.only(frozenset({"000004", "000003"}))

    def _forget_document(self) -> tuple[str, Snapshot]:
        """A document of two versions at least."""
        first, second = self.before.versions["000001"], self.before.versions["000002"]
        key = document_id(SOURCE, min(set(first) & set(second)))
        return key, self.before.without(frozenset({key}))


@pytest.mark.parametrize(
    "stride",
    [
        pytest.param(STRIDE, marks=[pytest.mark.slow, pytest.mark.timeout(900)]),
        pytest.param(1, marks=[pytest.mark.soak, pytest.mark.timeout(7200)]),
    ],
)
@pytest.mark.parametrize("act", ["ingest_night", "go_back", "remove_old", "forget_document"])
@pytest.mark.usefixtures("strace")
def test_a_fault_at_every_writing_call_leaves_before_or_after_and_the_next_run_succeeds(tmp_path: Path, act: str, stride: int) -> None:
    scene, data = Scene(tmp_path, act), tmp_path / "data"
    store = VersionStore(data)
    tried = killed = refused = passed = 0
    with Zygote(tmp_path / "strace.log") as zygote:
        shutil.copytree(scene.base, data)
        calls = zygote.perform(act, data, scene.what).calls
        assert compare(store, [scene.after], acknowledged=True) == []
        cases = [(name, n, fault) for fault in FAULTS for name in SYSTEM_CALLS for n in range(1, calls[name] + 1)]
        for name, n, fault in cases[:: min(stride, max(1, len(cases) // 20))]:
            shutil.rmtree(data)
            shutil.copytree(scene.base, data)
            ended = zygote.perform(act, data, scene.what, f"{name}:{fault}:when={n}")
            tried, killed = tried + 1, killed + ended.was_killed
            refused, passed = refused + (ended.exit_code == REFUSED), passed + (ended.exit_code == 0)
            where = f"{name} number {n}, {fault}: {ended}\n{zygote.said[-2000:]}"
            assert ended.was_killed if "SIGKILL" in fault else ended.exit_code in (0, REFUSED), where
            assert compare(store, scene.states, acknowledged=ended.exit_code == 0) == [], where
            after = scene.end(snapshot(store))
            assert zygote.perform(act, data, scene.what).exit_code == 0, where
            assert compare(store, [after], acknowledged=True) == [], where
    LOG.info("%s: %d faults at %s: %d killed, %d refused, %d went through", act, tried, dict(calls), killed, refused, passed)
    assert calls["fsync"] > 1 and killed and refused
