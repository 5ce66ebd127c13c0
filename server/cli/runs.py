"""``citedesk runs``: the record of ingest runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from kb.errors import ConfigurationError
from server.cli.gate import print_broken
from server.cli.options import Data, Json, settings_for
from server.cli.output import Output
from server.cli.skipped import print_by_wish, print_skipped
from server.settings import Settings

if TYPE_CHECKING:
    from server.runs.history import RunHistory
    from server.state.run import Run
    from server.state.runs import RunStore

_COLUMNS = ("id", "started", "took", "by", "outcome", "version", "added", "changed", "removed", "failed", "why")
_LAST = "last"


def runs(
    run: Annotated[str | None, typer.Argument(metavar="ID", help=f"Show one run in full; '{_LAST}' is the newest.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many to list.")] = 20,
    offset: Annotated[int, typer.Option("--offset", min=0, help="How many of the newest to leave out.")] = 0,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List the ingest runs, newest first, with how each ended; or show one in full."""
    settings = settings_for(data)
    output = Output(as_json)
    with _record(settings) as found:
        if run is None:
            _list(found, settings, output, limit, offset)
        else:
            _show(found, settings, output, run)


def _list(found: "tuple[RunHistory, RunStore] | None", settings: Settings, output: Output, limit: int, offset: int) -> None:
    listed = [] if found is None else found[0].page(limit, offset)
    total = 0 if found is None else found[0].count()
    rows = [_row(run, settings) for run in listed]
    output.table(f"Ingest runs, newest first ({len(rows)} of {total})" if rows else "Ingest runs", _COLUMNS, rows)
    end = offset + len(rows)
    if end < total:
        output.say(f"Older ones: citedesk runs --offset {end}")
    content = {"runs": [run.to_json() for run in listed], "total": total, "next_offset": end if end < total else None}
    output.result(content)


def _show(found: "tuple[RunHistory, RunStore] | None", settings: Settings, output: Output, identifier: str) -> None:
    run = None if found is None else _find(found[0], identifier)
    if run is None or found is None:
        raise ConfigurationError(f"There is no run '{identifier}' in {settings.data}. `citedesk runs` lists all.")
    report = found[1].report(run.id)
    _print(run, settings, output)
    print_broken(run.to_json()["gate"] or {}, output)
    failed = [file for file in (report or {}).get("files", []) if file["state"] == "failed"]
    if failed:
        rows = ((file["source"], file["path"], file["reason"]) for file in failed)
        output.table(f"Failed: {len(failed)}", ("source", "file", "reason"), rows)
    skipped = (report or {}).get("skipped", {})
    print_by_wish([(file["source"], file["path"]) for file in skipped.get("by_wish", ())], output)
    print_skipped(skipped.get("kinds", {}), output, None, "--json")
    output.result(run.to_json() | {"report": report})


def _find(history: "RunHistory", identifier: str) -> "Run | None":
    if identifier == _LAST:
        return next(iter(history.page(1)), None)
    return history.get(identifier)


def _print(run: "Run", settings: Settings, output: Output) -> None:
    told = run.to_json()
    output.say(f"Run {run.id}: {told['outcome'] or run.state}", "bold")
    for name, value in _lines(run, settings):
        if value not in (None, "", "{}"):
            output.say(f"  {name:<12} {value}")
    for source in run.request.sources:
        output.say(f"  source       {source.name}: {source.path}")
    for note in told["notes"]:
        output.say(f"  note         {note}")
    if told["gate"] is not None:
        output.say(f"  gate         {'passed' if told['gate'].get('passed') else 'refused'}: {told['gate'].get('summary', '')}")
    before, after = run.version_before, told["version_after"]
    if before is not None and after is not None and before != after:
        output.say(f"What changed: citedesk diff {before} {after}")


def _lines(run: "Run", settings: Settings) -> list[tuple[str, object]]:
    told = run.to_json()
    progress = f"{run.phase}, {run.done} of {run.total}"
    return [
        ("started", _local(run.started_at, settings)),
        ("ended", None if run.ended_at is None else _local(run.ended_at, settings)),
        ("progress", progress if run.state == "running" else None),
        ("stopped in", progress if run.state == "died" else None),
        ("who", run.request.who),
        ("why", run.request.why),
        ("by", run.trigger),
        ("forced", run.request.force),
        ("confirmed", ", ".join(run.request.confirm_loss)),
        ("exit code", told["exit_code"]),
        ("version", f"{run.version_before or 'none'} → {told['version_after'] or 'none'}" if run.ending else run.version_before),
        ("counts", ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in told["counts"].items())),
        ("problem", told["problem"]),
    ]


def _row(run: "Run", settings: Settings) -> tuple[object, ...]:
    told = run.to_json()
    counts = told["counts"]
    took = "" if run.seconds is None else f"{run.seconds:.0f} s"
    outcome = told["outcome"] or f"{run.phase} {run.done}/{run.total}"
    numbers = (counts.get(name) for name in ("added", "changed", "removed", "failed"))
    return run.id, _local(run.started_at, settings), took, run.trigger, outcome, told["version_after"], *numbers, run.request.why


def _local(moment: datetime, settings: Settings) -> str:
    """In the shop's time zone, to the second."""
    return moment.astimezone(settings.tz).strftime("%Y-%m-%d %H:%M:%S")


@contextmanager
def _record(settings: Settings) -> "Iterator[tuple[RunHistory, RunStore] | None]":
    """The record, or ``None`` where no state database is: looking makes none."""
    from server.runs.history import RunHistory
    from server.state.database import StateDatabase
    from server.state.runs import RunStore
    from server.state.state_url import STATE_FILE

    if settings.state_url is None and not (settings.data / STATE_FILE).exists():
        yield None
        return
    database = StateDatabase.of(settings)
    try:
        store = RunStore(database)
        yield RunHistory(store, settings.data), store
    finally:
        database.close()
