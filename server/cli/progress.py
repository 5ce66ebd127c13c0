"""A progress bar for an ingest run."""

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

_LABELS = {"fetch": "Fetching", "plan": "Looking", "parse": "Reading", "embed": "Embedding", "write": "Writing", "gate": "Testing"}
_LABELS |= {"backup": "Copying", "restore": "Restoring", "forget": "Rewriting"}


class ProgressBars:
    """An `ingest.progress.ProgressListener` that draws one bar per phase on ``console``, if that is a terminal."""

    def __init__(self, console: Console) -> None:
        columns = (TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._bars = Progress(*columns, console=console, disable=not console.is_terminal)
        self._current: TaskID | None = None

    def __enter__(self) -> "ProgressBars":
        self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._bars.stop()

    def phase(self, name: str, total: int) -> None:
        """Begin a bar of ``total`` steps."""
        self._current = self._bars.add_task(_LABELS.get(name, name), total=total)

    def advance(self, steps: int) -> None:
        """Move the bar on."""
        if self._current is not None:
            self._bars.advance(self._current, steps)

    def done(self) -> None:
        """Fill the bar: a phase may have had fewer steps than foreseen."""
        if self._current is not None:
            self._bars.update(self._current, total=self._bars.tasks[self._current].completed)
            self._current = None
