from pathlib import Path

import pytest

from kb.errors import SourceError
from tests.ingest.builders import Shop, pack, states, write_files

pytestmark = pytest.mark.slow  # every test starts real child processes: they run in the integration stage

FILES = {
    "shop/guide.md": "# Guide\n\nFill the tank.\n",
    "shop/退货.md": "# 退货\n\n三十天内可以退货。\n",
    "shop/_scope.yaml": "regions: [CN]",
}


def test_an_archive_is_mirrored_and_its_area_swept(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    archive = pack(tmp_path / "shop.zip", FILES)
    first = shop.ingest(archive)
    assert first.outcome == "published" and shop.titles() == {"shop/shop/guide.md": "Guide", "shop/shop/退货.md": "退货"}
    assert list(shop.store.layout.staging.iterdir()) == []
    assert shop.ingest(archive).outcome == "unchanged" and not shop.encoder.texts
    pack(archive, {**FILES, "shop/guide.md": "# Guide\n\nEmpty the tank.\n"})
    second = shop.ingest(archive)
    assert second.outcome == "published" and states(second) == {"shop/guide.md": "ingested", "shop/退货.md": "unchanged"}


def test_an_archive_may_become_a_folder(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.ingest(pack(tmp_path / "acme.zip", FILES))
    report = shop.ingest(write_files(tmp_path / "acme", FILES))
    assert report.outcome == "unchanged" and set(states(report).values()) == {"unchanged"}


def test_a_bad_archive_changes_nothing(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    archive = pack(tmp_path / "shop.zip", FILES)
    shop.ingest(archive)
    before = {path: path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file()}
    archive.write_bytes(archive.read_bytes()[:-30])
    with pytest.raises(SourceError, match="damaged"):
        shop.ingest(archive)
    assert {path: path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file()} == before
