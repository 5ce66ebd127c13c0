import errno
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kb.errors import (
    KnowledgeBaseError,
    NoVersionError,
    StorageDeniedError,
    StorageFullError,
    StoreBusyError,
    VersionDamagedError,
    VersionNotFoundError,
)
from kb.store import VersionStore
from kb.version import Version
from tests.kb.builders import FIELDS, Contents, publish, publish_sample, sample_contents
from tests.kb.faults import Faults, Killed

KILLS = 40
SOAK_KILLS = 1000


@pytest.fixture
def store(tmp_path: Path) -> VersionStore:
    return VersionStore(tmp_path / "data")


def text_of_current(store: VersionStore) -> str:
    """The first passage of the current version, which is verified on the way."""
    version = store.open_current()
    try:
        version.warm()
        assert len(version.passages(range(5))) == len(version.vectors) == 5
        return version.passages([0])[0].text
    finally:
        version.close()


def kettle(number: int) -> str:
    return f"Kettle {number} boils water."


def test_nothing_published(store: VersionStore) -> None:
    assert store.current_id() is None
    assert store.versions() == []
    assert store.version_ids() == []
    with pytest.raises(NoVersionError, match=f"citedesk ingest PATH --data {store.data}"):
        store.open_current()
    assert not store.data.exists()


def test_versions_follow_each_other(store: VersionStore) -> None:
    ids = [publish(store, sample_contents(number)) for number in range(3)]
    assert ids == ["000001", "000002", "000003"]
    assert store.current_id() == "000003"
    assert store.layout.current.read_text() == "000003\n"
    parents = {manifest.id: manifest.parent for manifest in store.versions()}
    assert list(parents.items()) == [("000003", "000002"), ("000002", "000001"), ("000001", None)]
    assert text_of_current(store) == kettle(2)
    old = store.open("000001")
    assert old.passages([0])[0].text == kettle(0)
    old.close()


def test_publishing_leaves_no_rubbish(store: VersionStore) -> None:
    publish(store, sample_contents())
    assert list(store.layout.staging.iterdir()) == []
    assert sorted(path.name for path in store.layout.root.iterdir()) == ["CURRENT", "LOCK", "staging", "versions"]


def test_what_is_staged_is_not_current_and_is_removed(store: VersionStore) -> None:
    publish(store, sample_contents(0))
    contents = sample_contents(1)
    with store.writer() as writer:
        staged = writer.stage()
        staged.write(contents.documents, contents.passages, contents.vectors)
        version = Version.open(writer.seal(staged, FIELDS))
        assert (version.id, version.manifest.parent) == ("000002", "000001")
        version.close()
        assert store.version_ids() == ["000001"]
        writer.discard(staged)
        assert not staged.path.exists()
    assert text_of_current(store) == kettle(0)
    assert list(store.layout.staging.iterdir()) == []


def test_sealing_again_records_the_gate(store: VersionStore) -> None:
    contents = sample_contents()
    with store.writer() as writer:
        staged = writer.stage()
        staged.write(contents.documents, contents.passages, contents.vectors)
        writer.seal(staged, FIELDS)
        writer.seal(staged, replace(FIELDS, gate={"passed": True, "summary": "12 of 12"}))
        writer.publish(staged)
    manifest = store.versions()[0]
    assert manifest.gate == {"passed": True, "summary": "12 of 12"}
    assert text_of_current(store) == kettle(0)


def test_unsealed_and_unwritten_versions_are_not_published(store: VersionStore) -> None:
    with store.writer() as writer:
        staged = writer.stage()
        with pytest.raises(KnowledgeBaseError, match="Nothing was written"):
            writer.seal(staged, FIELDS)
        contents = sample_contents()
        staged.write(contents.documents, contents.passages, contents.vectors)
        with pytest.raises(KnowledgeBaseError, match="not sealed"):
            writer.publish(staged)
    assert store.current_id() is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda vectors: vectors[:-1], "5 passages cannot be stored"),
        (lambda vectors: vectors[0], "5 passages cannot be stored"),
        (lambda vectors: np.where(np.arange(5)[:, None] == 3, 0, vectors), "is zero for 'returns.md', passage 'Returns are free"),
        (lambda vectors: np.where(np.arange(5)[:, None] == 0, np.nan, vectors), "not finite for 'kettle.md'"),
        (lambda vectors: np.where(np.arange(5)[:, None] == 0, np.inf, vectors), "not finite for 'kettle.md'"),
    ],
)
def test_vectors_that_cannot_be_searched_are_refused(store: VersionStore, change: object, message: str) -> None:
    contents = sample_contents()
    assert callable(change)
    with pytest.raises(KnowledgeBaseError, match=message):
        publish(store, Contents(contents.documents, contents.passages, change(contents.vectors).astype(np.float32)))
    assert store.current_id() is None


def test_an_error_while_writing_leaves_the_old_version_and_no_lock(store: VersionStore) -> None:
    publish(store, sample_contents(0))
    with pytest.raises(RuntimeError), store.writer() as writer:
        staged = writer.stage()
        contents = sample_contents(1)
        staged.write(contents.documents, contents.passages, contents.vectors)
        raise RuntimeError
    assert list(store.layout.staging.iterdir()) == []
    assert publish(store, sample_contents(2)) == "000002"
    assert text_of_current(store) == kettle(2)


def test_a_second_writer_is_told_at_once(store: VersionStore) -> None:
    with store.writer() as writer:
        staged = writer.stage()
        staged.path.mkdir()
        with pytest.raises(StoreBusyError, match=f"process {os.getpid()}"), store.writer():
            pytest.fail("two writers")
        assert staged.path.exists()
    with store.writer():
        pass


def test_numbers_are_not_used_twice(store: VersionStore) -> None:
    publish(store, sample_contents(0))
    os.rename(store.layout.versions / "000001", store.layout.versions / "000007")
    (store.layout.current).write_text("000041\n")
    assert publish(store, sample_contents(1)) == "000042"
    with store.writer() as writer:
        assert [writer.stage().id, writer.stage().id] == ["000043", "000044"]


def test_numbers_past_six_digits(store: VersionStore) -> None:
    publish(store, sample_contents(0))
    store.layout.current.write_text("999999\n")
    assert publish(store, sample_contents(1)) == "1000000"
    assert store.version_ids() == ["1000000", "000001"]
    assert text_of_current(store) == kettle(1)


@pytest.mark.parametrize("name", ["000009", "../../etc", "", "1", ".", "000001/"])
def test_unknown_versions(store: VersionStore, name: str) -> None:
    publish(store, sample_contents(0))
    with pytest.raises(VersionNotFoundError, match="citedesk versions"):
        store.open(name)


@pytest.mark.parametrize("content", [b"", b"latest\n", b"\xff\xfe0", b"../000001\n", b"000001\n000002\n"])
def test_a_spoilt_pointer_says_what_to_do(store: VersionStore, content: bytes) -> None:
    publish(store, sample_contents(0))
    store.layout.current.write_bytes(content)
    with pytest.raises(VersionDamagedError, match=r"CURRENT.*citedesk rollback"):
        store.current_id()


def test_a_pointer_to_a_missing_version(store: VersionStore) -> None:
    publish(store, sample_contents(0))
    store.layout.current.write_text("000004\n")
    with pytest.raises(VersionNotFoundError, match="000004"):
        store.open_current()


def test_a_renamed_version_is_refused(store: VersionStore) -> None:
    publish(store, sample_contents(0))
    os.rename(store.layout.versions / "000001", store.layout.versions / "000002")
    with pytest.raises(VersionDamagedError, match="renamed or copied by hand"):
        store.open("000002")


def test_a_damaged_version_is_left_out_of_the_list_but_keeps_its_id(store: VersionStore) -> None:
    publish(store, sample_contents(0))
    publish(store, sample_contents(1))
    (store.layout.versions / "000001" / "manifest.json").write_text("{")
    assert [manifest.id for manifest in store.versions()] == ["000002"]
    assert store.version_ids() == ["000002", "000001"]


def run_with_fault(
    store: VersionStore, monkeypatch: pytest.MonkeyPatch, fail_at: int, error: BaseException
) -> tuple[Faults, BaseException | None]:
    """Puts an object and publishes version 1 with a fault at call ``fail_at``; returns what came out of it."""
    with monkeypatch.context() as patch:
        faults = Faults(patch, fail_at, lambda: error)
        try:
            with store.writer() as writer:
                store.objects.put(b"the original")
                staged = writer.stage()
                contents = sample_contents(1)
                staged.write(contents.documents, contents.passages, contents.vectors)
                writer.seal(staged, FIELDS)
                writer.publish(staged)
        except (Killed, KnowledgeBaseError) as raised:
            return faults, raised
        return faults, None


def copy_of(base: VersionStore, data: Path) -> VersionStore:
    shutil.copytree(base.data, data)
    return VersionStore(data)


def count_calls(base: VersionStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    publish(base, sample_contents(0))
    store = copy_of(base, tmp_path / "counted")
    faults, raised = run_with_fault(store, monkeypatch, 0, Killed())
    assert raised is None
    return faults.calls


@pytest.mark.slow
def test_killed_at_every_call_is_old_or_new_and_the_next_writer_succeeds(
    store: VersionStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = count_calls(store, tmp_path, monkeypatch)
    assert calls > 30
    seen = set()
    for fail_at in range(1, calls + 1):
        copy = copy_of(store, tmp_path / str(fail_at))
        _, raised = run_with_fault(copy, monkeypatch, fail_at, Killed())
        assert isinstance(raised, Killed)
        now = text_of_current(copy)
        seen.add(now)
        assert now in (kettle(0), kettle(1))
        before = copy.version_ids()
        assert int(publish(copy, sample_contents(2))) > int(before[0])
        assert text_of_current(copy) == kettle(2)
        assert list(copy.layout.staging.iterdir()) == []
    assert seen == {kettle(0), kettle(1)}


@pytest.mark.slow
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EIO])
def test_a_disk_that_fails_at_any_call_is_reported_and_the_old_version_stays(
    store: VersionStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    kind = {errno.ENOSPC: StorageFullError, errno.EROFS: StorageDeniedError}.get(code, KnowledgeBaseError)
    calls = count_calls(store, tmp_path, monkeypatch)
    for fail_at in range(1, calls + 1, 1 if code == errno.ENOSPC else 5):
        copy = copy_of(store, tmp_path / f"{code}-{fail_at}")
        _, raised = run_with_fault(copy, monkeypatch, fail_at, OSError(code, os.strerror(code)))
        assert isinstance(raised, kind)
        assert text_of_current(copy) in (kettle(0), kettle(1))
        if fail_at % 5 == 1:  # that the next writer succeeds is shown for every call above
            publish(copy, sample_contents(2))
            assert text_of_current(copy) == kettle(2)


@pytest.fixture
def mount_tmpfs(tmp_path: Path) -> Iterator[Path]:
    """A small file system of its own, where this process may mount one."""
    folder = tmp_path / "small"
    folder.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], capture_output=True).returncode:
        pytest.skip("this process may not mount a tmpfs")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_really_full_disk(mount_tmpfs: Path) -> None:
    store = VersionStore(mount_tmpfs / "data")
    publish(store, sample_contents(0))
    filler = mount_tmpfs / "filler"
    outcomes: set[str] = set()
    for free in range(0, 200_000, 12_000):
        filler.write_bytes(b"")
        free_now = os.statvfs(mount_tmpfs).f_bavail * os.statvfs(mount_tmpfs).f_frsize
        filler.write_bytes(b"x" * max(free_now - free, 0))
        before = text_of_current(store)
        number = len(outcomes) + free
        try:
            publish(store, sample_contents(number))
            outcomes.add("published")
            assert text_of_current(store) == kettle(number)
            for name in store.version_ids()[1:]:
                subprocess.run(["rm", "-r", store.layout.versions / name], check=True)
        except StorageFullError as error:
            outcomes.add("full")
            assert "No space left" in str(error)
            assert text_of_current(store) == before
    assert outcomes == {"full", "published"}
    filler.unlink()
    publish(store, sample_contents(7))
    assert text_of_current(store) == kettle(7)


def test_a_read_only_disk_is_read_and_not_written(mount_tmpfs: Path) -> None:
    store = VersionStore(mount_tmpfs / "data")
    publish(store, sample_contents(0))
    subprocess.run(["mount", "-o", "remount,ro", mount_tmpfs], check=True)
    assert text_of_current(store) == kettle(0)
    with pytest.raises(StorageDeniedError, match="Read-only file system"):
        publish(store, sample_contents(1))


@pytest.mark.parametrize(
    "kills",
    [pytest.param(KILLS, marks=pytest.mark.slow), pytest.param(SOAK_KILLS, marks=[pytest.mark.soak, pytest.mark.timeout(3600)])],
)
def test_sigkill_at_random_moments(store: VersionStore, kills: int) -> None:
    """Children publish and are killed anywhere between their start and a little past their end."""
    publish(store, sample_contents(0))
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.kb.builders"])
    started = time.perf_counter()
    for warm_up in range(2):  # the first starts the fork server
        started = time.perf_counter()
        run_child(context, store.data, 1 + warm_up, None)
    longest = time.perf_counter() - started
    chance = random.Random(5)
    current, killed_running, published = 2, 0, 0
    for number in range(3, kills + 3):
        exit_code = run_child(context, store.data, number, chance.uniform(0, longest))
        killed_running += exit_code == -signal.SIGKILL
        now = text_of_current(store)
        assert now in (kettle(current), kettle(number))
        if now == kettle(number):
            current, published = number, published + 1
            longest *= 0.9
        else:
            assert exit_code == -signal.SIGKILL
            longest *= 1.1  # a machine that is busy with other things takes longer
    assert killed_running >= kills // 4
    assert 0 < published < kills
    publish(store, sample_contents(kills + 99))
    assert text_of_current(store) == kettle(kills + 99)
    assert list(store.layout.staging.iterdir()) == []


def run_child(context: multiprocessing.context.ForkServerContext, data: Path, number: int, kill_after: float | None) -> int:
    """Publishes in a child, killed after ``kill_after`` seconds; returns its exit code."""
    child = context.Process(target=publish_sample, args=(data, number))
    child.start()
    if kill_after is not None:
        time.sleep(kill_after)
        child.kill()
    child.join()
    code = child.exitcode
    child.close()
    assert code is not None
    return code
