import subprocess
import tarfile
from pathlib import Path

import pytest

from kb.archive import CONTENTS_NAME, ArchiveContents, open_archive, verify_archive, write_archive
from kb.errors import VersionDamagedError
from tests.kb.faults import Faults, Killed

pytestmark = pytest.mark.slow

FILES = {
    "version/manifest.json": b"{}",
    "version/lexical/public/data.npy": bytes(range(256)) * 5,
    "golden/问题.jsonl": "退货？".encode(),
    "e": b"",
}
LABEL = ArchiveContents("000042", "2026-05-04T03:02:01+00:00", {"a" * 20: "b" * 64})


@pytest.fixture
def sources(tmp_path: Path) -> dict[str, Path]:
    paths = {}
    for number, (name, content) in enumerate(FILES.items()):
        paths[name] = tmp_path / f"source{number}"
        paths[name].write_bytes(content)
    return paths


def write(target: Path, sources: dict[str, Path]) -> None:
    write_archive(target, sources, LABEL)


@pytest.mark.parametrize("name", ["copy", "copy.tar"])
def test_comes_back(tmp_path: Path, sources: dict[str, Path], name: str) -> None:
    target = tmp_path / "backups" / name
    write(target, sources)
    assert target.stat().st_mode & 0o077 == 0
    assert [path.name for path in target.parent.iterdir()] == [name]
    with open_archive(target) as archive:
        assert (archive.contents.version, archive.contents.documents) == ("000042", {"a" * 20: "b" * 64})
        assert {one: archive.read(one) for one in archive.contents.files} == FILES
        assert archive.names("version") == ["lexical/public/data.npy", "manifest.json"]


def test_the_tar_is_one_for_every_tool(tmp_path: Path, sources: dict[str, Path]) -> None:
    write(tmp_path / "copy.tar", sources)
    listed = subprocess.run(["tar", "tf", tmp_path / "copy.tar"], capture_output=True, check=True, env={"LC_ALL": "C.UTF-8"})
    assert len(listed.stdout.splitlines()) == len(FILES) + 1 and not listed.stderr
    with tarfile.open(tmp_path / "copy.tar") as tar:
        assert [member.name for member in tar] == [*FILES, CONTENTS_NAME]


def test_every_flipped_byte_of_a_tar_is_noticed_or_harmless(tmp_path: Path, sources: dict[str, Path]) -> None:
    target = tmp_path / "copy.tar"
    write(target, sources)
    whole = target.read_bytes()
    noticed = 0
    for position in range(0, len(whole), 37):
        target.write_bytes(whole[:position] + bytes([whole[position] ^ 4]) + whole[position + 1 :])
        try:
            with open_archive(target) as archive:
                assert {one: archive.read(one) for one in archive.contents.files} == FILES
        except VersionDamagedError:
            noticed += 1
    assert noticed > len(whole) // 37 // 3
    for size in range(0, len(whole) - 2000, 300):
        target.write_bytes(whole[:size])
        with pytest.raises(VersionDamagedError, match="Use another backup"):
            verify_archive(target)


@pytest.mark.parametrize("name", list(FILES))
def test_a_folder_that_lost_or_changed_a_file_is_noticed(tmp_path: Path, sources: dict[str, Path], name: str) -> None:
    write(tmp_path / "copy", sources)
    (tmp_path / "copy" / name).write_bytes(FILES[name] + b"x")
    with pytest.raises(VersionDamagedError, match=name):
        verify_archive(tmp_path / "copy")
    (tmp_path / "copy" / name).unlink()
    with pytest.raises(VersionDamagedError, match=f"{name} is missing"):
        verify_archive(tmp_path / "copy")


@pytest.mark.parametrize("name", ["nothing", "nothing.tar", "folder"])
def test_what_is_no_backup_says_so(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(VersionDamagedError, match="is no backup"):
        verify_archive(tmp_path / name)


@pytest.mark.parametrize("escaping", ["../outside", "/etc/outside", "version/../../outside"])
def test_no_name_leads_outside(tmp_path: Path, sources: dict[str, Path], escaping: str) -> None:
    with pytest.raises(VersionDamagedError, match="a file is named"):
        write_archive(tmp_path / "copy.tar", {escaping: sources["e"]}, LABEL)
    assert not (tmp_path / "copy.tar").exists()


@pytest.mark.parametrize("name", ["copy", "copy.tar"])
def test_killed_at_every_call_it_is_whole_or_absent(
    tmp_path: Path, sources: dict[str, Path], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        faults = Faults(patch, 0, Killed)
        write(tmp_path / "counted" / name, sources)
    assert faults.calls > 5
    for fail_at in range(1, faults.calls + 1):
        target = tmp_path / str(fail_at) / name
        with monkeypatch.context() as patch, pytest.raises(Killed):
            Faults(patch, fail_at, Killed)
            write(target, sources)
        if target.exists():
            verify_archive(target)
        else:
            write(target, sources)
        assert verify_archive(target).version == "000042"
