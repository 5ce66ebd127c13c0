from pathlib import Path

import pytest

from ingest.options import IngestOptions
from ingest.report import IngestReport
from kb.errors import SourceError
from tests.ingest.builders import Shop, failure, pack, states, write_files
from tests.ingest.near_duplicates import MANUAL, OTHER_MANUAL
from tests.ingest.web.fake_web import FakeWeb, Page, access

pytestmark = pytest.mark.slow  # every test starts real child processes: they run in the integration stage

FILES = {
    "shop/guide.md": "# Guide\n\nFill the tank.\n",
    "shop/退货.md": "# 退货\n\n三十天内可以退货。\n",
    "shop/_scope.yaml": "regions: [CN]",
}
QUESTIONS = "Does the lamp dim?,Yes: press the switch three times.\nDoes the lamp dim,Yes; press the switch three times\nVoucher?,90.\n"


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


def test_an_archive_in_a_folder_is_mirrored_and_a_damaged_one_keeps_its_documents(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    folder = write_files(tmp_path / "acme", {"a.md": "# A\n\nOne."})
    archive = pack(folder / "more.zip", {**FILES, "c.jsonl": '{"_id": "j1", "text": "Text J."}'})
    assert shop.ingest(folder).outcome == "published" and list(shop.store.layout.staging.iterdir()) == []
    titles = shop.titles()
    assert set(titles) == {"acme/a.md", "acme/more.zip/shop/guide.md", "acme/more.zip/shop/退货.md", "acme/j1"}
    assert shop.ingest(folder).outcome == "unchanged" and not shop.encoder.texts
    sound = archive.read_bytes()
    archive.write_bytes(sound[:-30])
    for text in ("Two.", "Three."):  # however long it stays damaged
        write_files(folder, {"a.md": f"# A\n\n{text}"})
        report = shop.ingest(folder)
        assert report.outcome == "partial" and shop.titles() == titles
        assert failure(report, "more.zip").passages == 3 and "kept yesterday's" in (failure(report, "more.zip").reason or "")
    write_files(folder, {"_scope.yaml": "audience: internal"})
    shop.ingest(folder)
    version = shop.store.open_current()
    assert {document.scope.audience for document in version.all_documents()} == {"internal"}
    version.close()
    (folder / "_scope.yaml").unlink()
    archive.write_bytes(sound)
    assert shop.ingest(folder).outcome == "published"
    pack(archive, {"shop/guide.md": FILES["shop/guide.md"]})
    assert shop.ingest(folder).counts["removed"] == 2 and set(shop.titles()) == {"acme/a.md", "acme/more.zip/shop/guide.md"}


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


def _page(title: str) -> Page:
    return Page(f"<h1>{title}</h1><p>You may return goods within 30 days.</p>".encode())


def _ingest(shop: Shop, folder: Path, pages: dict[str, Page]) -> IngestReport:
    urls = write_files(folder, {"pages.urls": "\n".join(f"https://shop.example/{name}" for name in "abc")}) / "pages.urls"
    return shop.ingest(urls, options=IngestOptions(workers=1, web=access(FakeWeb(pages))))


def test_web_pages_are_mirrored(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    pages = {f"https://shop.example/{name}": _page(name.upper()) for name in "abc"}
    assert _ingest(shop, tmp_path, pages).outcome == "published"
    version = shop.store.open_current()
    documents = {document.path: document.public_url for document in version.all_documents()}
    version.close()
    assert documents == {f"shop.example/{name}.html": f"https://shop.example/{name}" for name in "abc"}
    assert _ingest(shop, tmp_path, pages).outcome == "unchanged"
    pages["https://shop.example/a"] = _page("A2")
    assert states(_ingest(shop, tmp_path, pages))["shop.example/a.html"] == "ingested"


def test_a_page_that_fails_stays_and_one_that_is_gone_goes(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    pages = {f"https://shop.example/{name}": _page(name.upper()) for name in "abc"}
    _ingest(shop, tmp_path, pages)
    failing = _ingest(shop, tmp_path, {**pages, "https://shop.example/a": Page(status=503)})
    assert failing.outcome == "partial" and failing.version == "000001" and "kept yesterday's" in (failing.failed[0].reason or "")
    gone = _ingest(shop, tmp_path, {**pages, "https://shop.example/a": Page(status=410)})
    assert gone.outcome == "published" and set(shop.titles().values()) == {"B", "C"}
    assert any("https://shop.example/a: its server says that it is gone (410)" in note for note in gone.notes)
    with pytest.raises(SourceError, match="lost 2 of its 2 documents"):
        _ingest(shop, tmp_path, {})
    assert set(shop.titles().values()) == {"B", "C"}


def test_duplicates_are_reported_the_night_they_come(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    folder = write_files(tmp_path / "acme", {"manual.md": MANUAL, "fan.md": OTHER_MANUAL, "faq.csv": f"question,answer\n{QUESTIONS}"})
    first = shop.ingest(folder)
    assert (first.duplicates.count, first.duplicates.pairs[0].kind) == (1, "faq")
    quiet = shop.ingest(folder)
    assert quiet.outcome == "unchanged" and quiet.duplicates.count == 0
    other = write_files(tmp_path / "other", {"manual-600.md": MANUAL.replace("500", "600")})
    second = shop.ingest(other)
    pairs = second.to_json()["duplicates"]["pairs"]
    (pair,) = pairs
    assert (pair["first"]["path"], pair["second"]["path"], pair["numbers_differ"]) == ("manual.md", "manual-600.md", True)
    assert any("acme/manual.md and other/manual-600.md" in note for note in second.notes)
    assert {"acme/manual.md", "other/manual-600.md"} <= set(shop.titles())
