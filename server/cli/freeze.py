"""``citedesk freeze`` and ``citedesk unfreeze``: the stop button."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.options import Data, Json, Who, settings_for
from server.cli.output import Output
from server.cli.problem import UsageProblemError
from server.cli.state import check_state_is_there
from server.cli.who import default_who

if TYPE_CHECKING:
    from server.settings import Settings
    from server.state.freezes import Freeze, FreezeStore


def freeze(
    topic: Annotated[
        str | None, typer.Argument(metavar="TOPIC", help="The topic in a few words: recall of the kettle K2.", show_default=False)
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", help="The last day (2026-12-05), or a moment (2026-12-05T18:00). \\[default: until lifted]")
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why; agents see it.")] = "",
    text: Annotated[
        list[str] | None, typer.Option("--text", help="What to say instead of the usual sentence; repeat, once for each language.")
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="List what is frozen.")] = False,
    every: Annotated[bool, typer.Option("--all", help="With --list: what was frozen before, too.")] = False,
    who: Who = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Stop answering questions about a topic: they get a fixed sentence and the offer of a person until it is lifted."""
    if listed == (topic is not None):
        raise UsageProblemError("Give a topic to freeze, or --list to see what is frozen.")
    settings, output = settings_for(data), Output(as_json)
    if topic is None:
        _list(settings, output, every)
        return
    with _freezes(settings) as freezes:
        made = freezes.freeze(topic, f"cli:{who or default_who()}", reason, text or (), _moment(until, settings))
    output.say(f"Frozen {_until(made, settings)}: “{made.topic}”. Running servers follow within a second.")
    output.say(f"Lift it with `citedesk unfreeze {made.id}`.")
    output.result(made.to_json())


def unfreeze(
    freeze_id: Annotated[str, typer.Argument(metavar="ID", help="The freeze's id, as `citedesk freeze --list` shows it.")],
    who: Who = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Answer questions about a frozen topic again."""
    settings, output = settings_for(data), Output(as_json)
    check_state_is_there(settings)
    with _freezes(settings) as freezes:
        lifted = freezes.lift(freeze_id, f"cli:{who or default_who()}")
    if lifted is None:
        raise UsageProblemError(f"There is no freeze '{freeze_id}'. `citedesk freeze --list` shows all.")
    output.say(f"Questions about “{lifted.topic}” are answered again.")
    output.result(lifted.to_json())


def _list(settings: "Settings", output: Output, every: bool) -> None:
    check_state_is_there(settings)
    with _freezes(settings) as freezes:
        found = freezes.every() if every else freezes.holding()
    rows = [[one.id, one.topic, _state(one, settings), one.reason, one.who] for one in found]
    output.table("Frozen topics", ("id", "topic", "state", "reason", "who"), rows)
    output.result({"freezes": [one.to_json() for one in found]})


def _state(freeze: "Freeze", settings: "Settings") -> str:
    if freeze.lifted_at is not None:
        return f"lifted by {freeze.lifted_by}"
    return f"frozen {_until(freeze, settings)}" if freeze.holds(datetime.now(UTC)) else "ended"


def _until(freeze: "Freeze", settings: "Settings") -> str:
    if freeze.until is None:
        return "until lifted"
    return f"until {freeze.until.astimezone(settings.tz):%Y-%m-%d %H:%M}"


def _moment(text: str | None, settings: "Settings") -> datetime | None:
    """``text`` as a moment in the shop's time zone; a day means to its end. Raises UsageProblemError."""
    if text is None:
        return None
    try:
        if len(text) == len("2026-12-05"):
            return datetime.combine(date.fromisoformat(text) + timedelta(days=1), time(), settings.tz)
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise UsageProblemError(f"'{text}' is no day and no moment. Write it as --until 2026-12-05 or --until 2026-12-05T18:00.") from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=settings.tz)


@contextmanager
def _freezes(settings: "Settings") -> "Iterator[FreezeStore]":
    from server.state.database import StateDatabase
    from server.state.freezes import FreezeStore

    database = StateDatabase.of(settings)
    try:
        yield FreezeStore(database)
    finally:
        database.close()
