"""Keys on the hot path: from memory for two seconds, then once for all who wait; wrong ones take nobody's place."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from kb.errors import InvalidKeyError, StateUnavailableError
from server.key_lookup import KeyLookup
from server.state import known_keys
from server.state.database import StateDatabase
from server.state.keys import ApiKey, KeyStore
from server.state.known_keys import KnownKeys


class Clock:
    """Monotonic time that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("server.state.keys.time", made)
    return made


@pytest.fixture
def database(tmp_path: Path) -> Iterator[StateDatabase]:
    opened = StateDatabase.open(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def reads(database: StateDatabase) -> list[str]:
    """The statements that reach the database."""
    seen: list[str] = []

    def noted(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.extend(word for word in statement.split()[:1] if word != "BEGIN")

    event.listen(database._engine, "before_cursor_execute", noted)
    return seen


def wrong(secret: str, number: int) -> str:
    return f"{secret[:21]}{number:043}"


async def test_many_requests_read_the_database_once(database: StateDatabase, reads: list[str], clock: Clock) -> None:
    keys = KeyStore(database)
    new = keys.create_key("a", "public", ["chat"])
    lookup = KeyLookup(keys)
    reads.clear()
    found = await asyncio.gather(*(lookup.find(new.secret) for _ in range(50)))
    assert {key.id for key in found} == {new.key.id}
    for _ in range(50):
        await lookup.find(new.secret)
    await lookup.aclose()
    assert sorted(reads) == ["SELECT", "UPDATE"]  # the update notes that the key is in use
    clock.now += known_keys.SECONDS
    await asyncio.gather(*(lookup.find(new.secret) for _ in range(50)))
    await lookup.aclose()
    assert sorted(reads) == ["SELECT", "SELECT", "UPDATE"]


async def test_a_look_in_memory_gives_way_to_nothing(database: StateDatabase, clock: Clock) -> None:
    """A key known from memory is answered without a thread and without another task's turn."""
    keys = KeyStore(database)
    new = keys.create_key("a", "public", ["chat"])
    lookup = KeyLookup(keys)
    await lookup.find(new.secret)
    finding = lookup.find(new.secret)
    with pytest.raises(StopIteration) as done:
        finding.send(None)
    assert done.value.value.id == new.key.id
    await lookup.aclose()


async def test_what_another_process_revokes_is_refused_when_the_look_has_run_out(database: StateDatabase, clock: Clock) -> None:
    here, there = KeyStore(database), KeyStore(database)
    new = here.create_key("a", "public", ["chat"])
    lookup = KeyLookup(here)
    await lookup.find(new.secret)
    there.revoke_key(new.key.id)
    clock.now += known_keys.SECONDS - 0.01
    assert (await lookup.find(new.secret)).id == new.key.id
    clock.now += 0.01
    with pytest.raises(InvalidKeyError):
        await lookup.find(new.secret)
    await lookup.aclose()
    assert known_keys.SECONDS <= 2


async def test_a_revocation_here_is_known_here_at_once(database: StateDatabase) -> None:
    keys = KeyStore(database)
    new = keys.create_key("a", "public", ["chat"])
    lookup = KeyLookup(keys)
    await lookup.find(new.secret)
    keys.revoke_key(new.key.id)
    with pytest.raises(InvalidKeyError):
        await lookup.find(new.secret)
    await lookup.aclose()


async def test_wrong_keys_are_remembered_too_but_not_without_bound(database: StateDatabase, reads: list[str], clock: Clock) -> None:
    keys = KeyStore(database)
    new = keys.create_key("a", "public", ["chat"])
    lookup = KeyLookup(keys)
    await lookup.find(new.secret)
    await lookup.aclose()
    reads.clear()
    for secret in (wrong(new.secret, 1), wrong(new.secret, 1), "nonsense", ""):
        with pytest.raises(InvalidKeyError):
            await lookup.find(secret)
    assert reads == ["SELECT"]
    known: KnownKeys[ApiKey] = KnownKeys(most=10)
    known.put("good", new.key, 0.0)
    for number in range(100):
        known.put(f"wrong {number}", None, 0.0)
    assert known.was_good("good") and known.get("good", 1.0) is not None
    assert known.get("wrong 99", 1.0) is not None and known.get("wrong 89", 1.0) is None and known.get("wrong 99", 2.0) is None


async def test_a_flood_of_wrong_keys_does_not_hold_up_a_good_one(
    database: StateDatabase, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = KeyStore(database)
    new = keys.create_key("a", "public", ["chat"])
    lookup = KeyLookup(keys)
    await lookup.find(new.secret)
    clock.now += known_keys.SECONDS
    gate = threading.Event()
    held = threading.Semaphore(0)
    authenticate = keys.authenticate

    def slow_for_others(secret: str | None) -> object:
        if secret != new.secret:
            held.release()
            assert gate.wait(30)
        return authenticate(secret)

    monkeypatch.setattr(keys, "authenticate", slow_for_others)
    flood = [asyncio.create_task(lookup.find(wrong(new.secret, number))) for number in range(60)]
    for _ in range(4):
        assert await asyncio.to_thread(held.acquire, timeout=30)
    assert (await asyncio.wait_for(lookup.find(new.secret), 30)).id == new.key.id
    assert not any(task.done() for task in flood)
    gate.set()
    assert all(isinstance(one, InvalidKeyError) for one in await asyncio.gather(*flood, return_exceptions=True))
    await lookup.aclose()


async def test_a_client_that_leaves_takes_no_other_ones_look_with_it(database: StateDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = KeyStore(database)
    new = keys.create_key("a", "public", ["chat"])
    lookup = KeyLookup(keys)
    gate = threading.Event()
    authenticate = keys.authenticate
    monkeypatch.setattr(keys, "authenticate", lambda secret: gate.wait(30) and authenticate(secret))
    first, second = (asyncio.create_task(lookup.find(new.secret)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    gate.set()
    assert (await second).id == new.key.id
    await lookup.aclose()


async def test_without_its_database_a_key_is_refused_as_unavailable_not_as_wrong(
    database: StateDatabase, clock: Clock, tmp_path: Path
) -> None:
    keys = KeyStore(database)
    new = keys.create_key("a", "public", ["chat"])
    lookup = KeyLookup(keys)
    await lookup.find(new.secret)
    await lookup.aclose()
    database.close()
    (tmp_path / "state.sqlite").write_bytes(b"")
    assert (await lookup.find(new.secret)).id == new.key.id  # for two seconds
    clock.now += known_keys.SECONDS
    with pytest.raises(StateUnavailableError):
        await lookup.find(new.secret)
    await lookup.aclose()


def test_that_a_use_cannot_be_noted_is_logged_and_costs_nothing(
    database: StateDatabase, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = KeyStore(database)
    new = keys.create_key("a", "public", ["chat"])
    database.close()
    (tmp_path / "state.sqlite").write_bytes(b"")
    keys.note_use(new.key)
    assert "key_use_not_noted" in capsys.readouterr().out
