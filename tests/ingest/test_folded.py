"""Zip archives in a folder, listed as the folders that they hold."""

import os
from pathlib import Path

import pytest

from ingest.archive import ArchiveLimits
from ingest.folded import with_archives
from ingest.folder import list_folder
from ingest.listing import list_source
from ingest.skipped import BY_WISH, SkippedFile
from ingest.source import Listing, SourceSpec
from ingest.source_area import SourceArea
from kb.errors import ParseError, SourceError
from tests.ingest.builders import pack, write_files


def listed(folder: Path, limits: ArchiveLimits | None = None) -> Listing:
    spec, area = SourceSpec.from_path(folder), SourceArea(folder.parent / "area")
    return list_source(spec, area) if limits is None else with_archives(list_folder(spec), area.folder, limits)


def reasons(listing: Listing) -> dict[str, str]:
    return {file.path: file.reason for file in listing.refused}


def test_an_archive_in_a_folder_is_a_folder_of_that_name(tmp_path: Path) -> None:
    shop = write_files(tmp_path / "shop", {"a.md": "x", "手册/_scope.yaml": "regions: [CN]"})
    pack(shop / "手册/资料.ZIP", {"退货.md": "退货", "in/b.md": "y", "logo.png": "z", "talk.key": "k", "old.zip": "PK"})
    listing = listed(shop)
    assert [file.path for file in listing.files] == ["a.md", "手册/资料.ZIP/in/b.md", "手册/资料.ZIP/退货.md"]
    assert listing.files[2].file.read_text(encoding="utf-8") == "退货"
    assert [file.path for file in listing.skipped] == ["手册/资料.ZIP/logo.png"]
    assert set(reasons(listing)) == {"手册/资料.ZIP/talk.key", "手册/资料.ZIP/old.zip"}
    assert reasons(listing)["手册/资料.ZIP/old.zip"] == "it is an archive within an archive; unpack it"
    assert not listing.archives and listing.scopes.metadata("手册/资料.ZIP/退货.md").regions == ("CN",)


def test_whose_rules_hold_in_it(tmp_path: Path) -> None:
    rules = "audience: internal\nregions: [FR]\nfiles:\n  m.zip: {channels: [web]}\n  m.zip/b.md: {products: [A]}\n"
    shop = write_files(tmp_path / "shop", {"_scope.yaml": rules})
    inside = {"_scope.yaml": "regions: [DE]\nfiles: {a.md: {title: T}}", "in/_scope.yml": ""}
    pack(shop / "m.zip", {**inside, "a.md": "x", "b.md": "x", "in/c.md": "x"})
    listing = listed(shop)
    a, b = listing.scopes.metadata("m.zip/a.md"), listing.scopes.metadata("m.zip/b.md")
    assert (a.audience, a.regions, a.channels, a.title) == ("internal", ("DE",), ("web",), "T")
    assert (b.regions, b.channels, b.products) == (("DE",), ("web",), ("A",))
    assert listing.scopes.missing_entries(listed(shop).paths | {"m.zip"}) == ()
    with pytest.raises(ParseError, match="in/_scope.yml"):
        listing.scopes.metadata("m.zip/in/c.md")


def test_an_archive_and_files_in_one_may_be_skipped(tmp_path: Path) -> None:
    rules = "files: {bad.zip: {skip: true}, m.zip/a.md: {skip: true}}"
    shop = write_files(tmp_path / "shop", {"_scope.yaml": rules, "bad.zip": "no archive"})
    pack(shop / "m.zip", {"a.md": "x", "in/_scope.yaml": "files: {b.md: {skip: true}}", "in/b.md": "x"})
    listing = listed(shop)
    assert listing.skipped == (SkippedFile("bad.zip", BY_WISH),) and not listing.refused
    assert [file.path for file in listing.files if listing.scopes.skips(file.path)] == ["m.zip/a.md", "m.zip/in/b.md"]
    assert listing.scopes.missing_entries(listing.paths | {"m.zip"}) == ()


def test_a_bad_archive_fails_alone_and_leaves_nothing(tmp_path: Path) -> None:
    shop = write_files(tmp_path / "shop", {"a.md": "x", "b.zip": "no archive", "leave.zip": ""})
    pack(shop / "c.zip", {"c.md": "x"})
    pack(shop / "bomb.zip", {"a.md": os.urandom(100), "b.md": b"0" * (8 << 20)})
    pack(shop / "leave.zip", {"../../x.md": "x"})
    listing = listed(shop)
    assert [file.path for file in listing.files] == ["a.md", "c.zip/c.md"]
    assert {path: reason.split(";")[0] for path, reason in reasons(listing).items()} == {
        "b.zip": "it is damaged or no zip archive (File is not a zip file)",
        "bomb.zip": "'b.md' in it inflates more than 200 times, as no sound file does",
        "leave.zip": "it holds an entry that points outside of it: '../../x.md'",
    }
    assert [path.name for path in (tmp_path / "area").iterdir()] == ["000002"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["area", "shop"]


def test_the_archives_of_a_source_share_what_they_may_hold(tmp_path: Path) -> None:
    shop = write_files(tmp_path / "shop", {})
    shop.mkdir()
    for name in "abc":
        pack(shop / f"{name}.zip", {"1.md": os.urandom(1000), "2.md": os.urandom(1000)})
    assert len(listed(shop, ArchiveLimits(entries=6, inflated=6000)).files) == 6
    for limits in (ArchiveLimits(entries=6, inflated=5999), ArchiveLimits(entries=5, inflated=6000)):
        listing = listed(shop, limits)
        assert [file.path for file in listing.files] == ["a.zip/1.md", "a.zip/2.md", "b.zip/1.md", "b.zip/2.md"]
        assert "the archives of one source share" in reasons(listing)["c.zip"]


def test_without_a_place_to_unpack_it_nothing_is_listed(tmp_path: Path) -> None:
    pack(write_files(tmp_path, {"a.md": "x"}) / "b.zip", {"b.md": "x"})
    with pytest.raises(SourceError, match="no place was given"):
        list_source(SourceSpec.from_path(tmp_path))
