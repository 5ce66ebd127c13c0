"""A disk that is too small by much, by little, and not at all: the live version answers all the time."""

import logging
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.options import IngestOptions
from ingest.run import ingest
from ingest.source import SourceSpec
from kb.errors import StorageFullError
from kb.files import free_bytes
from kb.live import LiveVersion
from kb.store import VersionStore
from tests.reliability.oracle import contents_of, mismatches
from tests.reliability.shop_folder import ShopFolder
from tests.reliability.victim import ENCODER, SOURCE

LOG = logging.getLogger(__name__)

SIZES = 24
ROOM = 64 << 20


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, where this process may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", folder], capture_output=True).returncode:
        pytest.skip("this process may not mount a tmpfs")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def night(store: VersionStore, folder: Path) -> str:
    return ingest(store, ENCODER, [SourceSpec(SOURCE, folder)], IngestOptions(workers=1, confirm_loss=frozenset({SOURCE}))).outcome


def fill(disk: Path, leave: int) -> None:
    """Fills the disk up to ``leave`` bytes."""
    filler = disk / "filler"
    filler.write_bytes(b"")
    left = max(0, free_bytes(disk) - leave)
    with filler.open("wb") as file:
        for _ in range(left >> 20):
            file.write(bytes(1 << 20))
        file.write(bytes(left & ((1 << 20) - 1)))


@pytest.mark.slow
def test_24_sizes_of_a_full_disk(tmp_path: Path, disk: Path) -> None:
    shop, store = ShopFolder(tmp_path / "shop", documents=60), VersionStore(disk / "data")
    assert night(store, shop.folder) == "published"
    at_first = free_bytes(disk)
    shop.edit(20)
    assert night(store, shop.folder) == "published"
    needed = at_first - free_bytes(disk)
    live, outcomes = LiveVersion(store), []
    for step in range(SIZES):
        shown = dict(shop.hashes)
        shop.edit(20)
        fill(disk, int(needed * (0.1 + 1.3 * step / (SIZES - 1))))
        try:
            outcomes.append(night(store, shop.folder))
        except StorageFullError as error:
            outcomes.append("full")
            assert re.search(r"About [\d.]+ \w+ are needed, [\d.]+ \w+ are free: [\d.]+ \w+ are missing", str(error)), error
            assert live.refresh() is False and live.problem is None
            with live.lease() as version:
                assert contents_of(version) == shown and mismatches(store, version) == []
            fill(disk, 8 * needed)
            assert night(store, shop.folder) == "published"
        assert live.refresh() and live.problem is None
        with live.lease() as version:
            assert contents_of(version) == shop.hashes
    live.close()
    LOG.info("%s", outcomes)
    assert {"full", "published"} == set(outcomes)
