"""Where the counts of the last minute are kept: in this process, or in the state database, which several processes share."""

import time
from collections.abc import Callable

from anyio import to_thread
from limits.aio.storage import MemoryStorage, Storage
from sqlalchemy import case, delete, select
from sqlalchemy.exc import SQLAlchemyError

from kb.errors import StateUnavailableError
from server.settings import Settings
from server.state.database import StateDatabase
from server.state.insert import insert_into
from server.state.tables import RateWindowRow

_SWEEP_SECONDS = 60.0


def open_store(settings: Settings, database: StateDatabase) -> Storage:
    """The store that ``settings`` name."""
    return MemoryStorage() if settings.limits_store == "memory" else StateStorage(database)


class StateStorage(Storage):
    """`limits`' counters as rows. A count is raised by one statement, so that processes cannot overlook each other's."""

    STORAGE_SCHEME = None

    def __init__(self, database: StateDatabase, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._database = database
        self._clock = clock
        self._swept = clock()

    @property
    def base_exceptions(self) -> tuple[type[Exception], ...]:
        """What the database raises."""
        return SQLAlchemyError, StateUnavailableError

    async def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Add ``amount`` to the window ``key``, which begins now for ``expiry`` seconds if none is open; what it holds then."""
        return await to_thread.run_sync(self._add, key, expiry, amount)

    async def get(self, key: str) -> int:
        """What the window holds; 0 when it is over."""
        row = await to_thread.run_sync(self._row, key)
        return 0 if row is None else row[0]

    async def get_expiry(self, key: str) -> float:
        """When the window ends, in Unix seconds; now when it is over."""
        row = await to_thread.run_sync(self._row, key)
        return self._clock() if row is None else row[1]

    async def check(self) -> bool:
        """Whether the database answers; raises otherwise."""
        await to_thread.run_sync(self._row, "")
        return True

    async def reset(self) -> int | None:
        """Forget all windows; how many there were."""
        return await to_thread.run_sync(self._delete, None)

    async def clear(self, key: str) -> None:
        """Forget one window."""
        await to_thread.run_sync(self._delete, key)

    def _add(self, key: str, expiry: float, amount: int) -> int:
        now = self._clock()
        self._sweep(now)
        with self._database.session() as session:
            adding = insert_into(session, RateWindowRow).values(key=key, count=amount, expires_at=now + expiry)
            over = RateWindowRow.expires_at <= now
            again = {
                "count": case((over, adding.excluded.count), else_=RateWindowRow.count + adding.excluded.count),
                "expires_at": case((over, adding.excluded.expires_at), else_=RateWindowRow.expires_at),
            }
            statement = adding.on_conflict_do_update(index_elements=[RateWindowRow.key], set_=again).returning(RateWindowRow.count)
            return int(session.execute(statement).scalar_one())

    def _row(self, key: str) -> tuple[int, float] | None:
        with self._database.session() as session:
            wanted = select(RateWindowRow.count, RateWindowRow.expires_at)
            found = session.execute(wanted.where(RateWindowRow.key == key, RateWindowRow.expires_at > self._clock())).one_or_none()
        return None if found is None else (found[0], found[1])

    def _sweep(self, now: float) -> None:
        """Windows that are over are deleted once a minute: they name end users, if only by hashes."""
        if now - self._swept < _SWEEP_SECONDS:
            return
        self._swept = now
        with self._database.session() as session:
            session.execute(delete(RateWindowRow).where(RateWindowRow.expires_at <= now))

    def _delete(self, key: str | None) -> int:
        with self._database.session() as session:
            chosen = delete(RateWindowRow) if key is None else delete(RateWindowRow).where(RateWindowRow.key == key)
            return len(session.execute(chosen.returning(RateWindowRow.key)).all())
