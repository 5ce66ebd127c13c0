"""Every file of a version, damaged in many ways: noticed before it serves, and the version before it serves instead."""

import logging
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kb.live import LiveVersion
from kb.store import VersionStore
from tests.reliability.oracle import contents_of
from tests.reliability.shop_folder import ShopFolder
from tests.reliability.victim import ingest_night

LOG = logging.getLogger(__name__)

ROUNDS = 60
Damage = Callable[[bytearray, random.Random], bytearray]


def flipped(content: bytearray, chance: random.Random) -> bytearray:
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    return content


def cut(content: bytearray, chance: random.Random) -> bytearray:
    return content[: chance.randrange(len(content))]


def zeroed_tail(content: bytearray, chance: random.Random) -> bytearray:
    start = chance.randrange(len(content))
    return content[:start] + bytes(len(content) - start)


@pytest.mark.slow
@pytest.mark.parametrize("damage", [flipped, cut, zeroed_tail])
def test_every_damage_to_every_file_is_detected_and_the_parent_serves(tmp_path: Path, damage: Damage) -> None:
    shop, data = ShopFolder(tmp_path / "shop", documents=4), tmp_path / "data"
    ingest_night(data, shop.folder)
    before = dict(shop.hashes)
    shop.edit()
    ingest_night(data, shop.folder)
    store, chance = VersionStore(data), random.Random(3)
    folder = store.layout.versions / str(store.current_id())
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    assert len(files) > 8
    tried = 0
    for file in files:
        sound = file.read_bytes()
        for _ in range(ROUNDS):
            damaged = bytes(damage(bytearray(sound), chance))
            if damaged == sound:  # the tail was zero already
                continue
            file.write_bytes(damaged)
            tried += 1
            live = LiveVersion(store)
            try:
                assert live.problem is not None and file.name in live.problem, f"{file.name} {damage.__name__}: {live.problem}"
                with live.lease() as version:
                    assert contents_of(version) == before
            finally:
                live.close()
        file.write_bytes(sound)
    LOG.info("%s: %d damages to %d files", damage.__name__, tried, len(files))
    assert tried >= 0.9 * ROUNDS * len(files)
    shutil.rmtree(folder)
    live = LiveVersion(store)
    assert live.problem is not None and live.id is not None
    live.close()
