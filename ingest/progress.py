"""What a run tells about its progress."""

from typing import Protocol


class ProgressListener(Protocol):
    """Hears of a run's phases, one after the other, from the thread that called `ingest.run.ingest`."""

    def phase(self, name: str, total: int) -> None:
        """A phase begins: ``fetch`` (a source on the web), ``plan``, ``parse``, ``embed``, ``write`` or ``gate``, with so many steps."""

    def advance(self, steps: int) -> None:
        """So many more steps of the phase are done."""

    def done(self) -> None:
        """The phase is over."""


class SilentProgress:
    """A listener that listens to nothing."""

    def phase(self, name: str, total: int) -> None:
        """Ignored."""

    def advance(self, steps: int) -> None:
        """Ignored."""

    def done(self) -> None:
        """Ignored."""
