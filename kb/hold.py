"""Holds: after a rollback the next ingest may not silently publish over it.

A hold names the version that it holds, and is in effect while that version is current. So neither a rollback (hold written,
then CURRENT) nor a forced publication (CURRENT, then the hold removed) can be caught between two states: the one step that
moves CURRENT also decides whether the hold counts. Holds that are not in effect are removed by the next writer.
"""

from dataclasses import dataclass

from kb.entries import read_entries, write_entries
from kb.errors import VersionDamagedError
from kb.layout import Layout

_ADVICE = "Run `citedesk rollback --release` to publish again, or `citedesk rollback N` to hold a version anew."


@dataclass(frozen=True, slots=True)
class Hold:
    """Version ``version`` was made to stay, by ``who``, for the reason ``why``. ``when`` is an ISO 8601 time with its offset."""

    version: str
    who: str
    why: str
    when: str

    def __str__(self) -> str:
        reason = f" ({self.why})" if self.why else ""
        return f"Version {self.version} is held since {self.when}, by {self.who or 'somebody who gave no name'}{reason}."


def hold_in_effect(layout: Layout) -> Hold | None:
    """The hold on the current version. Raises VersionDamagedError when the file cannot be read: then nothing may be published either."""
    current = layout.read_current()
    return next((hold for hold in _read(layout) if hold.version == current), None)


def add_hold(layout: Layout, hold: Hold) -> None:
    """Holds ``hold.version``, from the moment when it is current. For the holder of the writer's lock."""
    try:
        others = [one for one in _read(layout) if one.version != hold.version]
    except VersionDamagedError:
        others = []  # choosing a version anew is how a spoilt file is mended
    write_entries(layout.hold, [*others, hold])


def release_hold(layout: Layout) -> None:
    """Lets the next ingest publish again. For the holder of the writer's lock."""
    write_entries(layout.hold, [])


def drop_stale_holds(layout: Layout) -> None:
    """Removes the holds that are not in effect. Leaves alone what cannot be read. For the holder of the writer's lock."""
    try:
        holds, current = _read(layout), layout.read_current()
    except VersionDamagedError:
        return  # whoever publishes or rolls back next is told
    left = [hold for hold in holds if hold.version == current]
    if len(left) < len(holds):
        write_entries(layout.hold, left)


def _read(layout: Layout) -> tuple[Hold, ...]:
    return read_entries(layout.hold, Hold, _ADVICE)
