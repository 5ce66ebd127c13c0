"""kill -9 at random moments: the knowledge base is what it was, or what it was to become."""

import logging
import shutil
from pathlib import Path

import pytest

from tests.reliability.kill_loop import KillLoop
from tests.reliability.shop_folder import ShopFolder
from tests.reliability.victim import copy_in_place, ingest_night

LOG = logging.getLogger(__name__)

KILLS = 100
SOAK_KILLS = 1000
IN_PLACE = 30


@pytest.mark.parametrize(
    "kills",
    [pytest.param(KILLS, marks=pytest.mark.slow), pytest.param(SOAK_KILLS, marks=[pytest.mark.soak, pytest.mark.timeout(3600)])],
)
def test_a_writer_killed_at_random_moments_leaves_old_or_new(tmp_path: Path, kills: int) -> None:
    shop = ShopFolder(tmp_path / "shop")
    loop = KillLoop(tmp_path / "data")
    for _ in range(2):
        shop.edit()
        assert loop.cycle(ingest_night, shop.folder, shop.hashes, kill=False) == []
    for _ in range(kills):
        shop.edit()
        loop.cycle(ingest_night, shop.folder, shop.hashes)
    LOG.info("%s", loop.tally)
    assert loop.tally.violations == []
    assert loop.tally.share_in_the_middle >= 0.8
    assert loop.cycle(ingest_night, shop.folder, shop.hashes, kill=False) == []
    assert loop.contents() == shop.hashes


@pytest.mark.slow
def test_the_same_oracle_convicts_a_writer_that_updates_in_place(tmp_path: Path) -> None:
    shop = ShopFolder(tmp_path / "shop")
    base, built = tmp_path / "base", tmp_path / "built"
    KillLoop(base).cycle(ingest_night, shop.folder, shop.hashes, kill=False)
    shop.edit()
    KillLoop(built).cycle(ingest_night, shop.folder, shop.hashes, kill=False)
    loop = KillLoop(tmp_path / "data")
    for _ in range(IN_PLACE):
        shutil.rmtree(tmp_path / "data", ignore_errors=True)
        shutil.copytree(base, tmp_path / "data")
        loop.cycle(copy_in_place, built, shop.hashes)
    LOG.info("%s", loop.tally)
    assert len(loop.tally.violations) >= 0.3 * IN_PLACE
