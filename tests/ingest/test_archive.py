import io
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from ingest.archive import ArchiveLimits, list_archive
from ingest.folder import list_folder
from ingest.listing import list_source
from ingest.parse.limits import MEBIBYTE
from ingest.source import Listing, SourceSpec
from ingest.source_area import SourceArea
from kb.errors import ParseError, SourceError
from tests.ingest.builders import pack, write_files

FILES = {
    "shop/_scope.yaml": "regions: [DE]\nfiles:\n  guide.md: {products: [A]}\n",
    "shop/guide.md": "# Guide\n\nFill the tank.\n",
    "shop/intern/_scope.yaml": "audience: internal\n",
    "shop/intern/退货.md": "# 退货\n\n三十天内可以退货。\n",
    "shop/logo.png": "x",
    "shop/intern/film.MP4": "x",
    "picture.png": "x",
    "shop/.hidden/a.md": "x",
    "__MACOSX/shop/guide.md": "x",
    "shop/talk.key": "x",
}


def pack_raw(file: Path, files: Mapping[bytes, str], extra: bytes = b"") -> Path:
    """An archive whose names are these bytes and whose entries do not say in what encoding."""
    letters = {b"QRSTU"[number : number + 1] * len(name): name for number, name in enumerate(files)}
    with zipfile.ZipFile(file, "w") as archive:
        for placeholder, name in letters.items():
            info = zipfile.ZipInfo(placeholder.decode())
            info.extra = extra
            archive.writestr(info, files[name])
    content = file.read_bytes()
    for placeholder, name in letters.items():
        assert content.count(placeholder) == 2 and len(placeholder) == len(name)
        content = content.replace(placeholder, name)
    file.write_bytes(content)
    return file


def listed(file: Path, limits: ArchiveLimits | None = None) -> Listing:
    area = SourceArea(file.parent / "area")
    spec = SourceSpec.from_path(file)
    return list_source(spec, area) if limits is None else list_archive(spec, area, limits)


def contents(listing: Listing) -> dict[str, str]:
    return {file.path: file.file.read_text(encoding="utf-8") for file in listing.files}


def test_an_archive_is_listed_like_the_folder_it_holds(tmp_path: Path) -> None:
    folder = list_folder(SourceSpec.from_path(write_files(tmp_path / "twin", FILES)))
    archive = listed(pack(tmp_path / "twin.zip", FILES))
    assert contents(archive) == contents(folder) and len(archive.files) == 2
    assert (archive.source, archive.skipped, archive.refused) == (folder.source, folder.skipped, folder.refused)
    assert len(archive.refused) == 1 and [file.kind for file in archive.skipped] == [".png", ".mp4", ".png"]
    for path in contents(folder):
        assert archive.scopes.metadata(path) == folder.scopes.metadata(path)
    assert archive.scopes.metadata("shop/guide.md").products == ("A",)
    assert archive.scopes.metadata("shop/intern/退货.md").audience == "internal"


def test_its_files_lie_under_names_of_our_own(tmp_path: Path) -> None:
    area = tmp_path / "area"
    listing = listed(pack(tmp_path / "shop.zip", {"深/" * 40 + "a" * 300 + ".md": "x", "con.md": "y"}))
    assert {file.file.parent for file in listing.files} == {area}
    assert sorted(os.listdir(area)) == ["000000", "000001"]


def test_the_folder_around_it_rules_over_it(tmp_path: Path) -> None:
    rules = "audience: internal\nregions: [FR]\nfiles:\n  shop.zip: {channels: [web]}\n"
    write_files(tmp_path, {"_scope.yaml": rules})
    scopes = listed(pack(tmp_path / "shop.zip", {"_scope.yaml": "regions: [DE]", "a.md": "x"})).scopes
    found = scopes.metadata("a.md")
    assert (found.audience, found.regions, found.channels) == ("internal", ("DE",), ("web",))


def test_a_misspelt_scope_file_in_it_fails_what_lies_below(tmp_path: Path) -> None:
    scopes = listed(pack(tmp_path / "shop.zip", {"in/_scope.yml": "audience: internal", "in/a.md": "x", "out.md": "x"})).scopes
    with pytest.raises(ParseError, match="in/_scope.yml"):
        scopes.metadata("in/a.md")
    assert scopes.metadata("out.md").is_empty


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("gbk", ["手册/咖啡机使用说明书.md", "退货政策.md", "readme.md"]),
        ("gbk", ["乾隆啰嗦镕基的一年保修期.md"]),  # the 1995 additions among common characters
        ("utf-8", ["手册/咖啡机使用说明书.md", "Größe.md"]),
        ("cp437", ["Größe.md", "café/Mañana.md", "ÄÖÜ.md"]),
    ],
)
def test_names_come_out_as_they_were_written(tmp_path: Path, encoding: str, names: list[str]) -> None:
    files = {name.encode(encoding): name for name in names}
    assert contents(listed(pack_raw(tmp_path / "shop.zip", files))) == {name: name for name in names}


def test_windows_separators_and_a_gbk_character_that_holds_a_backslash(tmp_path: Path) -> None:
    names = ["保修\\誠信.md", "保修\\说明.md"]  # the second byte of 誠 in GBK is that of a backslash
    assert b"\x5c" in "誠".encode("gbk")
    files = {name.encode("gbk"): "x" for name in names}
    assert list(contents(listed(pack_raw(tmp_path / "shop.zip", files)))) == ["保修/誠信.md", "保修/说明.md"]


def test_the_unicode_name_beside_the_old_one_wins(tmp_path: Path) -> None:
    raw = "退货.md".encode("gbk")
    data = struct.pack("<BL", 1, zlib.crc32(raw)) + "退货説明.md".encode()
    listing = listed(pack_raw(tmp_path / "shop.zip", {raw: "x"}, struct.pack("<HH", 0x7075, len(data)) + data))
    assert [file.path for file in listing.files] == ["退货説明.md"]


def test_a_single_archive_of_another_kind_is_refused_by_kind(tmp_path: Path) -> None:
    (tmp_path / "shop.rar").write_bytes(b"Rar!")
    (refused,) = list_source(SourceSpec.from_path(tmp_path / "shop.rar")).refused
    assert refused.reason == "archives of this kind (.rar) are not read; unpack it, or make a zip archive of it"


def test_an_archive_within_is_refused_by_name_and_a_workbook_is_not(tmp_path: Path) -> None:
    inner = pack(tmp_path / "inner.zip", {"a.md": "x"}).read_bytes()
    listing = listed(pack(tmp_path / "shop.zip", {"a.md": "x", "old.zip": inner, "b.7z": b"7z", "faq.xlsx": inner}))
    assert [file.path for file in listing.files] == ["a.md", "faq.xlsx"]
    assert {file.path: "archive" in file.reason for file in listing.refused} == {"old.zip": True, "b.7z": True}


def test_a_folder_may_be_called_like_an_archive(tmp_path: Path) -> None:
    listing = list_source(SourceSpec.from_path(write_files(tmp_path / "shop.zip", {"a.md": "x"})))
    assert (listing.source, [file.path for file in listing.files]) == ("shop.zip", ["a.md"])


def refused(file: Path, limits: ArchiveLimits | None = None) -> str:
    """The sentence with which the archive is refused; no file of it may be left where it does not belong."""
    before = {path for path in file.parent.rglob("*") if "area" not in path.parts}
    with pytest.raises(SourceError) as raised:
        listed(file, limits)
    assert {path for path in file.parent.rglob("*") if "area" not in path.parts} == before
    assert str(file) in str(raised.value) and "Nothing was changed" in str(raised.value)
    return str(raised.value)


@pytest.mark.parametrize(
    "name",
    r"/etc/a.md ../a.md a/../../b.md ..\a.md a\..\..\b.md C:\a.md c:/a.md \\server\share\a.md a/.. ~/../x.md".split(),
)
def test_names_that_leave_the_archive(tmp_path: Path, name: str) -> None:
    assert "outside" in refused(pack(tmp_path / "shop.zip", {"good.md": "x", name: "x"}))


@pytest.mark.parametrize("name", ["退货　政策.md", "3.45\u202fPM.md", "👨\u200d👩\u200d👧.md"])
def test_odd_spaces_and_joined_emoji_cost_no_archive(tmp_path: Path, name: str) -> None:
    assert contents(listed(pack(tmp_path / "shop.zip", {name: "x"}))) == {name: "x"}


@pytest.mark.parametrize("name", ["a\nb.md", "a\x1b[2J.md", "‮dm.exe.md"])
def test_names_that_no_terminal_should_see(tmp_path: Path, name: str) -> None:
    assert "name cannot be used" in refused(pack(tmp_path / "shop.zip", {name: "x"}))


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_links_and_devices(tmp_path: Path, kind: int) -> None:
    info = zipfile.ZipInfo("a.md")
    info.external_attr = (kind | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "shop.zip", "w") as archive:
        archive.writestr(info, "/etc/passwd")
    assert "link or no regular file" in refused(tmp_path / "shop.zip")


def test_an_encrypted_entry(tmp_path: Path) -> None:
    file = pack(tmp_path / "shop.zip", {"a.md": "x"})
    content = bytearray(file.read_bytes())
    for header, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(header) + offset] |= 1
    file.write_bytes(content)
    assert "encrypted" in refused(file)


def test_two_files_of_one_name(tmp_path: Path) -> None:
    file = tmp_path / "shop.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for name in ("café.md", "cafe\u0301.md"):
            archive.writestr(name, name)
    assert "two files" in refused(file)


def test_bounds(tmp_path: Path) -> None:
    file = pack(tmp_path / "shop.zip", {f"{number}.md": os.urandom(1000) for number in range(5)})
    assert "5 entries" in refused(file, ArchiveLimits(entries=4))
    assert "unpacks to more" in refused(file, ArchiveLimits(inflated=4999))
    assert len(listed(file, ArchiveLimits(entries=5, inflated=5000)).files) == 5


@pytest.mark.parametrize("mark", [(b"PK\x05\x06", 12, "<L"), (b"PK\x06\x06", 40, "<Q")], ids=["32 bits", "64 bits"])
def test_a_table_of_contents_that_would_fill_the_memory(tmp_path: Path, mark: tuple[bytes, int, str]) -> None:
    file = pack(tmp_path / "shop.zip", {"a.md": "x"})
    signature, offset, form = mark
    content = bytearray(file.read_bytes())
    if signature not in content:
        end = content.index(b"PK\x05\x06")
        content[end:end] = signature + bytes(52)
    struct.pack_into(form, content, content.index(signature) + offset, 100_000_000)
    file.write_bytes(content)
    assert "far more than the 20,000 entries" in refused(file)


def test_a_bomb_is_stopped_where_it_inflates_too_well(tmp_path: Path) -> None:
    file = pack(tmp_path / "shop.zip", {"a.md": b"0" * (8 * MEBIBYTE)})
    assert "inflates more than 200 times" in refused(file)
    assert sum(path.stat().st_size for path in (tmp_path / "area").iterdir()) < 2 * MEBIBYTE


def test_sizes_in_the_headers_are_not_believed(tmp_path: Path) -> None:
    file = pack(tmp_path / "shop.zip", {"a.md": os.urandom(3000), "b.md": os.urandom(3000)})
    content = file.read_bytes().replace(struct.pack("<L", 3000), struct.pack("<L", 10), 6)
    stored = pack(tmp_path / "stored.zip", {"a.md": os.urandom(3000), "b.md": os.urandom(3000)}, zipfile.ZIP_STORED)
    file.write_bytes(content)
    for one in (file, stored):
        refused(one, ArchiveLimits(inflated=3500))


@pytest.mark.parametrize("damage", ["cut", "flipped", "text", "empty", "method"])
def test_damage_is_a_sentence(tmp_path: Path, damage: str) -> None:
    good = pack(tmp_path / "shop.zip", {"a.md": "The pump pushes water. " * 99, "b.md": "x"}).read_bytes()
    method = bytearray(good)
    for header, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        method[method.index(header) + offset] = 99
    bad = {
        "cut": good[: len(good) // 2],
        "flipped": good[:50] + bytes([good[50] ^ 255]) + good[51:],
        "text": b"not a zip",
        "empty": b"",
        "method": bytes(method),
    }
    (tmp_path / "shop.zip").write_bytes(bad[damage])
    assert "damaged or no zip archive" in refused(tmp_path / "shop.zip")


def test_an_empty_archive_holds_nothing(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    zipfile.ZipFile(buffer, "w").close()
    (tmp_path / "shop.zip").write_bytes(buffer.getvalue())
    assert listed(tmp_path / "shop.zip").files == ()
