"""The record of runs as it is read: a run whose process is gone without a word is marked first."""

from pathlib import Path

from kb.files import disk_errors, remove
from server.runs.place import place_of
from server.runs.run_lock import is_held, lock_path
from server.state.run import Run, RunEnding
from server.state.runs import RunStore

DIED = "The process ended without saying how: it was killed, it ran out of memory, or the machine stopped. The live version is whole."


class RunHistory:
    """All runs of a record, seen from the data folder ``data``."""

    def __init__(self, store: RunStore, data: Path) -> None:
        self._store = store
        self._data = data
        self._place = place_of(data)

    def running(self) -> list[Run]:
        """The runs that go on in this data folder now, newest first."""
        return [run for run in self._store.unfinished() if self._is_here(run) and not self._is_dead(run)]

    def page(self, limit: int, offset: int = 0) -> list[Run]:
        """``limit`` runs after the first ``offset``, newest first."""
        self.mark_dead()
        return self._store.page(limit, offset)

    def count(self) -> int:
        """How many runs there are."""
        return self._store.count()

    def get(self, identifier: str) -> Run | None:
        """The run with this id. Costs one row and a look at a lock."""
        run = self._store.get(identifier)
        if run is not None and run.ending is None and self._is_dead(run):
            self._mark(run)
            run = self._store.get(identifier)
        return run

    def mark_dead(self) -> list[Run]:
        """Marks the runs whose process is gone as died, and returns them."""
        dead = [run for run in self._store.unfinished() if self._is_dead(run) and self._mark(run)]
        return [run for one in dead if (run := self._store.get(one.id)) is not None]

    def sweep(self) -> None:
        """Removes what children of a server said, where their runs have ended and the server was not there to do it."""
        folder = self._data / "runs"
        with disk_errors(folder):
            for said in folder.glob("*.log"):
                run = self._store.get(said.stem)
                if run is None or run.ending is not None:
                    remove(said)

    def _is_here(self, run: Run) -> bool:
        return run.place is None or run.place == self._place

    def _is_dead(self, run: Run) -> bool:
        """Of another data folder's runs this is not known: whoever has the folder marks them."""
        return self._is_here(run) and not is_held(self._data, run.id)

    def _mark(self, run: Run) -> bool:
        """Whether the run had no ending yet: between the look at its row and the one at its lock it may have written one."""
        marked = self._store.end(run.id, RunEnding("died", None, problem=DIED))
        path = lock_path(self._data, run.id)
        with disk_errors(path):
            remove(path)
        return marked
