"""A new state database on each real engine, and more connections to it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from server.state.database import StateDatabase

Open = Callable[[], StateDatabase]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> SecretStr:
    """A new, empty database."""
    if request.param == "sqlite":
        return SecretStr(f"sqlite:///{tmp_path / 'state.sqlite'}")
    made: SecretStr = request.getfixturevalue("postgres").new_database()
    return made


@pytest.fixture
def opening(url: SecretStr, tmp_path: Path) -> Iterator[Open]:
    """Opens the database once more, as another process would."""
    opened: list[StateDatabase] = []

    def once() -> StateDatabase:
        opened.append(StateDatabase.open(tmp_path, url))
        return opened[-1]

    yield once
    for database in opened:
        database.close()


@pytest.fixture
def database(opening: Open) -> StateDatabase:
    return opening()
