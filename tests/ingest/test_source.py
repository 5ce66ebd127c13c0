import os
from pathlib import Path

import pytest

from ingest.listing import list_source
from ingest.skipped import LINKED_FOLDER, SkippedFile
from ingest.source import SourceSpec
from kb.errors import ParseError, SourceError
from tests.ingest.builders import write_files


def test_a_folder_is_listed_in_order_without_what_is_no_document(tmp_path: Path) -> None:
    files = {"b.md": "x", "a/z.pdf": "x", ".hidden.md": "x", ".git/x.md": "x", "~$b.xlsx": "x", "logo.png": "x", "style.css": "x"}
    listing = list_source(SourceSpec.from_path(write_files(tmp_path / "shop", files)))
    assert listing.source == "shop"
    assert [file.path for file in listing.files] == ["b.md", "a/z.pdf"]
    assert listing.skipped == (SkippedFile("logo.png", ".png"), SkippedFile("style.css", ".css")) and not listing.refused


def test_folders_that_links_lead_to_are_told_of_as_such(tmp_path: Path) -> None:
    shop = write_files(tmp_path / "shop", {"real/a.md": "x", "setup.EXE": "x"})
    (shop / "again").symlink_to(shop / "real")
    skipped = list_source(SourceSpec.from_path(shop)).skipped
    assert skipped == (SkippedFile("again", LINKED_FOLDER), SkippedFile("setup.EXE", ".exe"))


def test_unsupported_files_are_named(tmp_path: Path) -> None:
    listing = list_source(SourceSpec.from_path(write_files(tmp_path, {"talk.key": "x", "old.doc": "x", "LICENSE": "x"})))
    assert {file.path: file.reason.split(";")[0] for file in listing.refused} == {
        "LICENSE": "unsupported: a file without an ending",
        "old.doc": "unsupported: .doc",
        "talk.key": "unsupported: .key",
    }


def test_the_name_is_the_folders_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_files(tmp_path / "shop", {"a.md": "x"})
    monkeypatch.chdir(folder)
    assert SourceSpec.from_path(Path(".")).name == "shop"
    assert SourceSpec.from_path(folder / "a.md").name == "a.md"
    assert SourceSpec.from_path(Path("."), "other").name == "other"


def test_links_that_leave_the_source_are_refused(tmp_path: Path) -> None:
    write_files(tmp_path, {"outside/secret.md": "x", "shop/real.md": "x"})
    shop = tmp_path / "shop"
    (shop / "file.md").symlink_to(tmp_path / "outside/secret.md")
    (shop / "folder").symlink_to(tmp_path / "outside")
    (shop / "gone.md").symlink_to(tmp_path / "nowhere.md")
    (shop / "loop.md").symlink_to(shop / "loop.md")
    (shop / "inside.md").symlink_to(shop / "real.md")
    listing = list_source(SourceSpec.from_path(shop))
    assert [file.path for file in listing.files] == ["inside.md", "real.md"]
    reasons = {file.path: file.reason for file in listing.refused}
    assert "leaves the source" in reasons["file.md"] and "leaves the source" in reasons["folder"]
    assert "nowhere" in reasons["gone.md"] and "nowhere" in reasons["loop.md"]


def test_pipes_and_undecodable_names_are_refused_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.md"))).write_text("x")
    reasons = {file.path: file.reason for file in list_source(SourceSpec.from_path(tmp_path)).refused}
    assert reasons["pipe.md"] == "it is no regular file"
    assert reasons["caf\\udce9.md"] == "its name is not valid UTF-8; rename it"


def test_names_that_no_terminal_should_see_are_refused_and_odd_spaces_are_read(tmp_path: Path) -> None:
    odd = ["退货　政策.md", "Screenshot 3.45\u202fPM.md", "👨\u200d👩\u200d👧 family.md", "quo\"te's [b].md"]
    steering = ["new\nline.md", "tab\t.md", "red\x1b[31m.md", "\u202edm.exe.md", "tag\U000e0041.md"]
    listing = list_source(SourceSpec.from_path(write_files(tmp_path / "商店　资料", dict.fromkeys([*odd, *steering], "x"))))
    assert sorted(file.path for file in listing.files) == sorted(odd)
    assert sorted(file.path for file in listing.refused) == sorted(steering)
    assert all("cannot be shown; rename it" in file.reason for file in listing.refused)


def test_a_missing_source_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="does not exist"):
        list_source(SourceSpec.from_path(tmp_path / "nowhere"))


def test_precedence_of_scope_files(tmp_path: Path) -> None:
    files = {
        "_scope.yaml": "audience: internal\nregions: [DE]\nfiles:\n  sub/one.md: {products: [A]}\n",
        "sub/_scope.yaml": "regions: [FR]\nproducts: [B]\nfiles:\n  one.md: {channels: [web]}\n",
        "sub/one.md": "x",
        "sub/two.md": "x",
    }
    scopes = list_source(SourceSpec.from_path(write_files(tmp_path, files))).scopes
    one, two = scopes.metadata("sub/one.md").scope(), scopes.metadata("sub/two.md").scope()
    assert (one.audience, one.regions, one.products, one.channels) == ("internal", ("FR",), ("A",), ("web",))
    assert (two.audience, two.regions, two.products, two.channels) == ("internal", ("FR",), ("B",), ())


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("_scope.yaml", "audience: [internal"),
        ("_scope.yaml", "audience: secret"),
        ("_scope.yaml", "audiance: internal"),
        ("_scope.yaml", "internal"),
        ("_scope.yaml", "effective_from: 2026-02-30"),
        ("_scope.yaml", "files: [a.md]"),
        ("_scope.yaml", "files: {a.md: internal}"),
        ("_scope.yaml", "files: {a.md: {skip: maybe}}"),
        ("_scope.yaml", "skip: true"),
        ("_scope.yaml", b"\xff\xfe\xff"),
        ("_scope.yml", "audience: internal"),
        ("_Scope.yaml", "audience: internal"),
    ],
)
def test_a_scope_file_that_cannot_be_trusted_fails_all_below_it(tmp_path: Path, name: str, content: str | bytes) -> None:
    folder = write_files(tmp_path, {f"in/{name}": content, "in/deep/a.md": "x", "out.md": "x"})
    scopes = list_source(SourceSpec.from_path(folder)).scopes
    with pytest.raises(ParseError, match=name):
        scopes.metadata("in/deep/a.md")
    assert scopes.metadata("out.md").is_empty


def test_entries_for_files_that_are_there_but_no_documents_are_no_mistake(tmp_path: Path) -> None:
    rules = "files: {logo.png: {audience: internal}, talk.key: {audience: internal}}"
    listing = list_source(SourceSpec.from_path(write_files(tmp_path, {"_scope.yaml": rules, "logo.png": "x", "talk.key": "x"})))
    assert listing.scopes.missing_entries(listing.paths) == ()


def test_a_single_file_obeys_the_scope_file_beside_it(tmp_path: Path) -> None:
    folder = write_files(tmp_path, {"_scope.yaml": "audience: internal", "a.md": "x"})
    assert list_source(SourceSpec.from_path(folder / "a.md")).scopes.metadata("a.md").audience == "internal"


def test_entries_for_files_that_are_not_there_are_found(tmp_path: Path) -> None:
    folder = write_files(tmp_path, {"s/_scope.yaml": "files: {a.md: {audience: internal}, b.md: {audience: internal}}", "s/a.md": "x"})
    assert list_source(SourceSpec.from_path(folder)).scopes.missing_entries(frozenset({"s/a.md"})) == ("s/b.md",)


def test_files_may_be_skipped_by_the_folders_above_them(tmp_path: Path) -> None:
    outer = "files: {in/a.md: {skip: true}, b.md: {skip: false}, in/talk.key: {skip: true, audience: internal}}"
    folder = write_files(tmp_path, {"_scope.yaml": outer, "in/_scope.yaml": "files: {c.md: {skip: true}}", "in/a.md": "x", "b.md": "x"})
    listing = list_source(SourceSpec.from_path(write_files(folder, {"in/c.md": "x", "in/talk.key": "x", "c.md": "x"})))
    paths = ("in/a.md", "b.md", "in/c.md", "in/talk.key", "c.md")
    assert [path for path in paths if listing.scopes.skips(path)] == ["in/a.md", "in/c.md", "in/talk.key"]
    assert listing.scopes.metadata("in/talk.key").audience == "internal" and listing.scopes.missing_entries(listing.paths) == ()
