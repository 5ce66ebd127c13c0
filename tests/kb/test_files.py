import errno
import hashlib
import os
from pathlib import Path

import numpy as np
import pytest

from kb.arrays import open_array, write_array
from kb.errors import KnowledgeBaseError, StorageDeniedError, StorageFullError, VersionDamagedError
from kb.files import (
    FileDigest,
    digest_file,
    disk_errors,
    fsync_tree,
    human_size,
    make_folder,
    remove,
    sha256_file,
    write_atomic,
    write_file,
)
from tests.kb.faults import Faults, Killed


def test_written_file_has_the_returned_digest(tmp_path: Path) -> None:
    digest = write_file(tmp_path / "a", (b"one ", memoryview(b"two")))
    assert (tmp_path / "a").read_bytes() == b"one two"
    assert digest == FileDigest(hashlib.sha256(b"one two").hexdigest(), 7) == digest_file(tmp_path / "a")
    assert sha256_file(tmp_path / "a") == digest.sha256


def test_short_writes_are_continued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:3]))
    write_file(tmp_path / "a", (b"0123456789",))
    assert (tmp_path / "a").read_bytes() == b"0123456789"


def test_a_write_that_reports_success_but_keeps_less_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "write", lambda descriptor, data: len(data))
    with pytest.raises(KnowledgeBaseError, match="reads back differently.*0 of 10 bytes"):
        write_file(tmp_path / "a", (b"0123456789",))


def test_atomic_write_is_old_or_new_whichever_call_is_the_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    seen = set()
    for fail_at in range(1, 10):
        path.write_bytes(b"old")
        with monkeypatch.context() as patch:
            faults = Faults(patch, fail_at, Killed)
            try:
                write_atomic(path, b"new")
            except Killed:
                assert faults.calls >= fail_at
        seen.add(path.read_bytes())
    assert faults.calls < 9  # the last round ran to its end
    assert seen == {b"old", b"new"}


def test_failed_atomic_write_leaves_no_temporary_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", _raiser(errno.ENOSPC))
    with pytest.raises(StorageFullError, match="3 bytes are needed"):
        write_atomic(tmp_path / "file", b"new")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (errno.ENOSPC, StorageFullError),
        (errno.EDQUOT, StorageFullError),
        (errno.EACCES, StorageDeniedError),
        (errno.EROFS, StorageDeniedError),
        (errno.EPERM, StorageDeniedError),
        (errno.EIO, KnowledgeBaseError),
    ],
)
def test_disk_errors_become_sentences(code: int, kind: type[Exception], tmp_path: Path) -> None:
    with pytest.raises(kind, match=str(tmp_path)), disk_errors(tmp_path / "missing" / "file", 2_500_000):
        raise OSError(code, os.strerror(code))


def test_other_errors_pass(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), disk_errors(tmp_path):
        (tmp_path / "missing").read_bytes()


def test_folders_are_made_removed_and_synced(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b" / "c")
    make_folder(tmp_path / "a" / "b" / "c")
    (tmp_path / "a" / "b" / "file").write_text("x")
    fsync_tree(tmp_path / "a")
    remove(tmp_path / "a" / "b" / "file")
    remove(tmp_path / "a")
    remove(tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


SIZES = {0: "0 bytes", 999: "999 bytes", 1000: "1.0 kB", 1500: "1.5 kB", 2 * 10**9: "2.0 GB", 10**16: "10000.0 TB"}


@pytest.mark.parametrize(("size", "text"), SIZES.items())
def test_sizes_read_well(size: int, text: str) -> None:
    assert human_size(size) == text


@pytest.mark.parametrize("shape", [(0, 16), (3, 16), (40_000, 16)])
def test_arrays_come_back(shape: tuple[int, int], tmp_path: Path) -> None:
    array = np.arange(shape[0] * shape[1], dtype=np.float32).reshape(shape)
    write_array(tmp_path / "a.npy", array)
    back = open_array(tmp_path / "a.npy")
    assert back.shape == shape and back.dtype == np.float32
    np.testing.assert_array_equal(back, array)
    np.testing.assert_array_equal(np.load(tmp_path / "a.npy"), array)


@pytest.mark.parametrize("keep", [0, 5, 100, 150])
def test_cut_array_is_damaged(keep: int, tmp_path: Path) -> None:
    path = tmp_path / "a.npy"
    write_array(path, np.ones((4, 8), np.float32))
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(VersionDamagedError, match=r"a\.npy"):
        open_array(path)


def _raiser(code: int) -> object:
    def fail(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    return fail
