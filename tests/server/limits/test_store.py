"""The counters in the state database, beside those in memory that come with `limits`."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from limits.aio.storage import MemoryStorage, Storage
from sqlalchemy import func, select

from server.limits.store import StateStorage, open_store
from server.settings import Settings
from server.state.database import StateDatabase
from server.state.tables import RateWindowRow


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def database(tmp_path: Path) -> Iterator[StateDatabase]:
    opened = StateDatabase.open(tmp_path)
    yield opened
    opened.close()


@pytest.mark.parametrize("kind", ["memory", "state"])
async def test_both_count_alike(kind: str, database: StateDatabase) -> None:
    store: Storage = MemoryStorage() if kind == "memory" else StateStorage(database)
    assert await store.get("k") == 0
    assert [await store.incr("k", 60), await store.incr("k", 60, 5), await store.incr("other", 60)] == [1, 6, 1]
    assert await store.get("k") == 6
    assert 50 < await store.get_expiry("k") - await store.get_expiry("never") <= 60
    await store.clear("k")
    assert (await store.get("k"), await store.get("other")) == (0, 1)
    assert await store.check()
    assert await store.reset() == 1
    assert await store.get("other") == 0


async def test_a_window_begins_with_its_first_count_and_ends_for_good(database: StateDatabase) -> None:
    clock = Clock()
    store = StateStorage(database, clock)
    await store.incr("k", 60, 3)
    clock.now += 59.9
    assert await store.incr("k", 60) == 4
    assert await store.get_expiry("k") == 1060.0
    clock.now += 0.2
    assert await store.get("k") == 0
    assert await store.incr("k", 60) == 1
    assert await store.get_expiry("k") == pytest.approx(1120.1)


async def test_windows_that_are_over_are_deleted(database: StateDatabase) -> None:
    clock = Clock()
    store = StateStorage(database, clock)
    for number in range(5):
        await store.incr(f"user {number}", 60)
    clock.now += 61
    await store.incr("user 9", 60)
    with database.session() as session:
        assert session.scalar(select(func.count()).select_from(RateWindowRow)) == 1


def test_counts_of_several_processes_add_up(tmp_path: Path) -> None:
    """Each with a connection of its own; none overlooks another's."""
    databases = [StateDatabase.open(tmp_path) for _ in range(3)]
    stores = [StateStorage(database) for database in databases]
    with ThreadPoolExecutor(6) as threads:
        counts = list(threads.map(lambda number: stores[number % 3]._add("k", 60, 1), range(30)))
    assert sorted(counts) == list(range(1, 31))
    for database in databases:
        database.close()


def test_the_setting_names_the_store(database: StateDatabase) -> None:
    assert isinstance(open_store(Settings(), database), MemoryStorage)
    assert isinstance(open_store(Settings(limits_store="state"), database), StateStorage)
