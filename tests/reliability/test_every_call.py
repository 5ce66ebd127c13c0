"""A night killed, or failed by the disk, at every n-th system call that writes: before or after, never between."""

import logging
import shutil
from pathlib import Path

import pytest

from kb.store import VersionStore
from tests.reliability.oracle import contents_of, examine
from tests.reliability.shop_folder import ShopFolder
from tests.reliability.strace import FAULTS, SYSTEM_CALLS, Zygote
from tests.reliability.zygote import REFUSED

LOG = logging.getLogger(__name__)

STRIDE = 10
"""Of the calls that are tried in turn, how many are passed over each time in the short form."""


def contents(data: Path) -> dict[str, str]:
    version = VersionStore(data).open_current()
    try:
        return contents_of(version)
    finally:
        version.close()


@pytest.fixture
def strace() -> str:
    found = shutil.which("strace")
    if found is None:
        pytest.skip("no strace on this machine: apt-get install strace")
    return found


@pytest.mark.parametrize(
    "stride",
    [pytest.param(STRIDE, marks=pytest.mark.slow), pytest.param(1, marks=[pytest.mark.soak, pytest.mark.timeout(7200)])],
)
@pytest.mark.usefixtures("strace")
def test_a_fault_at_every_writing_call_leaves_old_or_new_and_the_next_night_succeeds(tmp_path: Path, stride: int) -> None:
    shop, base, data = ShopFolder(tmp_path / "shop", documents=5), tmp_path / "base", tmp_path / "data"
    tried = killed = refused = passed = 0
    with Zygote(tmp_path / "strace.log") as zygote:
        assert zygote.perform("ingest_night", base, shop.folder).exit_code == 0
        before = dict(shop.hashes)
        shop.edit(4)
        shutil.copytree(base, data)
        calls = zygote.perform("ingest_night", data, shop.folder).calls
        assert calls["fsync"] > 20 and calls["rename"] > 2, calls
        cases = [(name, n, fault) for fault in FAULTS for name in SYSTEM_CALLS for n in range(1, calls[name] + 1)]
        for name, n, fault in cases[::stride]:
            shutil.rmtree(data)
            shutil.copytree(base, data)
            ended = zygote.perform("ingest_night", data, shop.folder, f"{name}:{fault}:when={n}")
            tried, killed = tried + 1, killed + ended.was_killed
            refused, passed = refused + (ended.exit_code == REFUSED), passed + (ended.exit_code == 0)
            where = f"{name} number {n}, {fault}: {ended}\n{zygote.said[-2000:]}"
            assert ended.was_killed if "SIGKILL" in fault else ended.exit_code in (0, REFUSED), where
            assert examine(VersionStore(data), before, shop.hashes, acknowledged=ended.exit_code == 0) == [], where
            assert zygote.perform("ingest_night", data, shop.folder).exit_code == 0, where
            assert contents(data) == shop.hashes, where
    LOG.info("%d faults at %s: %d killed, %d refused, %d went through", tried, dict(calls), killed, refused, passed)
    assert killed and refused
