import errno
import hashlib
import os
from pathlib import Path

import pytest

from kb.errors import StorageFullError, VersionDamagedError
from kb.objects import ObjectStore
from tests.kb.faults import Faults, Killed

DATA = b"%PDF-1.7 the manual"
HASH = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def objects(tmp_path: Path) -> ObjectStore:
    return ObjectStore(tmp_path / "objects")


def test_kept_under_its_hash(objects: ObjectStore) -> None:
    assert objects.put(DATA) == HASH
    assert objects.path(HASH) == objects.root / HASH[:2] / HASH[2:]
    assert objects.read(HASH) == DATA == objects.path(HASH).read_bytes()


def test_putting_twice_writes_once(objects: ObjectStore) -> None:
    objects.put(DATA)
    before = objects.path(HASH).stat()
    objects.put(DATA)
    assert objects.path(HASH).stat().st_ino == before.st_ino


def test_an_object_cut_short_is_mended(objects: ObjectStore) -> None:
    objects.put(DATA)
    objects.path(HASH).write_bytes(DATA[:5])
    with pytest.raises(VersionDamagedError, match="damaged"):
        objects.read(HASH)
    objects.put(DATA)
    assert objects.read(HASH) == DATA


def test_missing_object_says_what_to_do(objects: ObjectStore) -> None:
    with pytest.raises(VersionDamagedError, match="citedesk ingest"):
        objects.read(HASH)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", HASH.upper(), HASH + "\n", HASH[:-1]])
def test_only_hashes_are_paths(objects: ObjectStore, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        objects.path(name)


def test_killed_at_any_call_leaves_nothing_or_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes = set()
    for fail_at in range(1, 20):
        objects = ObjectStore(tmp_path / str(fail_at))
        with monkeypatch.context() as patch:
            faults = Faults(patch, fail_at, Killed)
            try:
                objects.put(DATA)
            except Killed:
                assert faults.calls >= fail_at
        kept = objects.path(HASH).exists()
        outcomes.add(kept)
        assert not kept or objects.read(HASH) == DATA
        objects.sweep()
        assert not (objects.root / "tmp").exists()
        objects.put(DATA)
        assert objects.read(HASH) == DATA
    assert outcomes == {True, False}
    assert faults.calls < 19  # the last round ran to its end


def test_full_disk(objects: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    Faults(monkeypatch, 4, lambda: OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    with pytest.raises(StorageFullError, match="bytes are needed"):
        objects.put(DATA)
