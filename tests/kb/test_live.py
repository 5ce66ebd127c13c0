import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.errors import KnowledgeBaseError, NoVersionError, VersionDamagedError
from kb.live import RETRY_SECONDS, LiveVersion
from kb.store import VersionStore
from kb.version import Version
from tests.kb.builders import publish, sample_contents


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def store(tmp_path: Path) -> VersionStore:
    return VersionStore(tmp_path)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def live(store: VersionStore, clock: Clock) -> Iterator[LiveVersion]:
    """Serving version 000001."""
    publish(store, sample_contents(0))
    live = LiveVersion(store, clock)
    yield live
    live.close()


def damage(store: VersionStore, version_id: str, name: str = "vectors.npy") -> bytes:
    """Flips a bit; returns the sound content."""
    path = store.layout.versions / version_id / name
    data = path.read_bytes()
    path.write_bytes(data[:-2] + bytes([data[-2] ^ 1]) + data[-1:])
    return data


def served(live: LiveVersion) -> str:
    with live.lease() as version:
        assert version.passages([0])
        return version.id


def test_before_the_first_version(store: VersionStore) -> None:
    live = LiveVersion(store)
    assert (live.id, live.problem) == (None, None)
    with pytest.raises(NoVersionError, match="citedesk ingest"):
        served(live)
    publish(store, sample_contents(0))
    assert live.refresh()
    assert served(live) == live.id == "000001"
    live.close()


def test_refresh_swaps_only_when_current_changed(live: LiveVersion, store: VersionStore) -> None:
    assert not live.refresh()
    publish(store, sample_contents(1))
    assert served(live) == "000001"
    assert live.refresh()
    assert not live.refresh()
    assert served(live) == "000002"
    store.layout.current.write_text("000001\n")
    assert live.refresh()
    assert served(live) == "000001"


def test_an_unchanged_pointer_costs_one_read(live: LiveVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Version, "open", lambda *_: pytest.fail("opened again"))
    assert not any(live.refresh() for _ in range(100))


def test_a_lease_outlives_the_swap_and_the_last_reader_closes(live: LiveVersion, store: VersionStore) -> None:
    with live.lease() as first:
        with live.lease() as second:
            assert first is second
            publish(store, sample_contents(1))
            assert live.refresh()
            assert served(live) == "000002"
            assert second.passages([0])[0].text == "Kettle 0 boils water."
        assert first.passages([0])[0].text == "Kettle 0 boils water."
    with pytest.raises(KnowledgeBaseError, match="closed"):
        first.passages([0])


def test_an_unread_version_is_closed_at_the_swap(live: LiveVersion, store: VersionStore) -> None:
    with live.lease() as old:
        pass
    publish(store, sample_contents(1))
    live.refresh()
    with pytest.raises(KnowledgeBaseError, match="closed"):
        old.passages([0])


def test_a_damaged_new_version_is_not_served(live: LiveVersion, store: VersionStore, clock: Clock) -> None:
    publish(store, sample_contents(1))
    sound = damage(store, "000002")
    assert not live.refresh()
    assert served(live) == "000001"
    problem = str(live.problem)
    assert "000002/vectors.npy" in problem
    assert problem.endswith("Version 000001 is served instead.")
    (store.layout.versions / "000002" / "vectors.npy").write_bytes(sound)
    assert not live.refresh()  # not before its time: verifying is expensive
    clock.now += RETRY_SECONDS
    assert live.refresh()
    assert served(live) == "000002"
    assert live.problem is None


def test_the_next_sound_version_ends_the_problem(live: LiveVersion, store: VersionStore) -> None:
    publish(store, sample_contents(1))
    damage(store, "000002", "lexical/public/data.csc.index.npy")
    live.refresh()
    assert "000002/lexical" in str(live.problem)
    publish(store, sample_contents(2))
    assert live.refresh()
    assert live.problem is None
    assert served(live) == "000003"


def test_going_back_to_what_is_served_ends_the_problem(live: LiveVersion, store: VersionStore) -> None:
    publish(store, sample_contents(1))
    damage(store, "000002")
    live.refresh()
    store.layout.current.write_text("000001\n")
    assert not live.refresh()
    assert live.problem is None


@pytest.mark.parametrize("damaged", [["000003"], ["000002", "000003"]])
@pytest.mark.parametrize("name", ["passages.sqlite", "manifest.json"])
def test_at_the_start_the_newest_sound_ancestor_is_served(store: VersionStore, damaged: list[str], name: str) -> None:
    for number in range(3):
        publish(store, sample_contents(number))
    for version_id in damaged:
        damage(store, version_id, name)
        if name == "manifest.json":
            (store.layout.versions / version_id / name).write_text("{")
    live = LiveVersion(store)
    expected = f"{3 - len(damaged):06d}"
    assert served(live) == expected
    assert f"000003/{name}" in str(live.problem)
    assert f"Version {expected} is served" in str(live.problem)
    live.close()


def test_a_version_that_was_rolled_back_is_no_ancestor(store: VersionStore) -> None:
    publish(store, sample_contents(0))
    publish(store, sample_contents(1))
    store.layout.current.write_text("000001\n")
    assert publish(store, sample_contents(2)) == "000003"
    damage(store, "000003")
    live = LiveVersion(store)
    assert served(live) == "000001"
    live.close()


def test_when_nothing_is_sound(store: VersionStore, clock: Clock) -> None:
    publish(store, sample_contents(0))
    sound = damage(store, "000001")
    live = LiveVersion(store, clock)
    assert live.id is None
    assert str(live.problem).endswith("No version can be served.")
    with pytest.raises(VersionDamagedError, match=r"000001/vectors\.npy"):
        served(live)
    (store.layout.versions / "000001" / "vectors.npy").write_bytes(sound)
    clock.now += RETRY_SECONDS
    assert live.refresh()
    assert served(live) == "000001"
    live.close()


@pytest.mark.parametrize("content", [b"spoilt\n", None])
def test_a_lost_pointer_does_not_stop_a_running_service(
    live: LiveVersion, store: VersionStore, clock: Clock, content: bytes | None
) -> None:
    store.layout.current.unlink()
    if content is not None:
        store.layout.current.write_bytes(content)
    assert not live.refresh()
    assert served(live) == "000001"
    assert "CURRENT" in str(live.problem)
    store.layout.current.write_text("000001\n")
    clock.now += RETRY_SECONDS
    live.refresh()
    assert live.problem is None


def test_a_spoilt_pointer_at_the_start_falls_back_to_the_newest(store: VersionStore) -> None:
    publish(store, sample_contents(0))
    publish(store, sample_contents(1))
    store.layout.current.write_text("?\n")
    live = LiveVersion(store)
    assert served(live) == "000002"
    assert live.problem is not None
    live.close()


def test_closing_waits_for_the_last_reader(live: LiveVersion) -> None:
    with live.lease() as version:
        live.close()
        assert version.passages([0])
        with pytest.raises(KnowledgeBaseError, match="shutting down"):
            served(live)
    with pytest.raises(KnowledgeBaseError, match="closed"):
        version.passages([0])
    assert not live.refresh()


def test_leases_are_never_held_up_while_a_version_opens(live: LiveVersion, store: VersionStore, monkeypatch: pytest.MonkeyPatch) -> None:
    opening, may_go_on = threading.Event(), threading.Event()
    open_version = VersionStore.open

    def slow(self: VersionStore, version_id: str, verify: bool = True) -> Version:
        opening.set()
        assert may_go_on.wait(10)
        return open_version(self, version_id, verify)

    monkeypatch.setattr(VersionStore, "open", slow)
    publish(store, sample_contents(1))
    refresher = threading.Thread(target=live.refresh)
    refresher.start()
    assert opening.wait(10)
    assert served(live) == "000001"
    assert not live.refresh()
    may_go_on.set()
    refresher.join()
    assert served(live) == "000002"


@pytest.mark.slow
def test_readers_never_see_a_closed_or_mixed_version_while_versions_switch(live: LiveVersion, store: VersionStore) -> None:
    stop = threading.Event()
    problems: list[object] = []
    seen: set[str] = set()

    def read() -> None:
        while not stop.is_set():
            try:
                with live.lease() as version:
                    number = int(version.id) - 1
                    texts = [passage.text for passage in version.passages(range(5))]
                    if texts[0] != f"Kettle {number} boils water." or texts[3] != f"Returns are free within {number + 14} days.":
                        problems.append((version.id, texts))
                    seen.add(version.id)
            except KnowledgeBaseError as error:
                problems.append(error)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for number in range(1, 11):
        publish(store, sample_contents(number))
        assert live.refresh()
    stop.set()
    for reader in readers:
        reader.join()
    assert not problems
    assert len(seen) > 5
