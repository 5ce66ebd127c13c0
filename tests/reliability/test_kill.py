"""kill -9 at random moments: the knowledge base is what it was, or what it was to become."""

import logging
import shutil
from functools import partial
from pathlib import Path

import pytest

from kb.store import VersionStore
from tests.reliability.kill_loop import KillLoop
from tests.reliability.oracle import examine
from tests.reliability.publisher import Publisher
from tests.reliability.shop_folder import ShopFolder
from tests.reliability.snapshot import snapshot
from tests.reliability.victim import copy_in_place, ingest_night

LOG = logging.getLogger(__name__)

KILLS = 100
SOAK_KILLS = 1000
IN_PLACE = 30


@pytest.mark.parametrize(
    "kills",
    [
        pytest.param(KILLS, marks=[pytest.mark.slow, pytest.mark.timeout(900)]),
        pytest.param(SOAK_KILLS, marks=[pytest.mark.soak, pytest.mark.timeout(7200)]),
    ],
)
def test_a_writer_killed_at_random_moments_leaves_old_or_new(tmp_path: Path, kills: int) -> None:
    publisher = Publisher(ShopFolder(tmp_path / "shop"), tmp_path / "data")
    tally = publisher.loop.tally
    publisher.live(kills)  # which logs the tally
    assert tally.violations == []
    assert tally.cycles == kills and len(tally.acts) == 4
    assert tally.share_in_the_middle >= 0.9
    assert publisher.perform(ingest_night, kill=False) == []
    assert snapshot(publisher.store).contents == publisher.mirrored()


@pytest.mark.slow
def test_the_same_oracle_convicts_a_writer_that_updates_in_place(tmp_path: Path) -> None:
    shop = ShopFolder(tmp_path / "shop")
    base, built = tmp_path / "base", tmp_path / "built"
    ingest_night(base, shop.folder)
    before = shop.hashes
    shop.edit()
    ingest_night(built, shop.folder)
    loop = KillLoop(tmp_path / "data")
    for _ in range(IN_PLACE):
        shutil.rmtree(tmp_path / "data", ignore_errors=True)
        shutil.copytree(base, tmp_path / "data")
        loop.cycle(copy_in_place, str(built), partial(examine, VersionStore(tmp_path / "data"), before, shop.hashes))
    LOG.info("%s", loop.tally)
    assert len(loop.tally.violations) >= 0.3 * IN_PLACE
