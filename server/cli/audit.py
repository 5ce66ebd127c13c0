"""``citedesk audit``: the record of what was done to the service, and the proof that nobody changed it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from server.cli.options import Data, Json, settings_for
from server.cli.output import Output
from server.cli.problem import FAILED, UsageProblemError
from server.cli.state import audit_log, check_state_is_there

if TYPE_CHECKING:
    from server.state.audit import AuditLog
    from server.state.audit_chain import AuditBreak, AuditHead

audit_app = typer.Typer(help="Show and verify the audit log: keys, ingests, rollbacks, deletions, weakened checks.", no_args_is_help=True)
_COLUMNS = ("number", "at", "actor", "action", "object", "result", "kb_version", "details")


@audit_app.command("list")
def list_rows(
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many to list.")] = 20,
    offset: Annotated[int, typer.Option("--offset", min=0, help="How many of the newest to leave out.")] = 0,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List what was done, newest first."""
    output = Output(as_json)
    settings = settings_for(data)
    check_state_is_there(settings)
    with audit_log(settings) as log:
        records, total = log.page(limit, offset), log.count()
    told = [record.to_json() for record in records]
    rows = [[record.details if name == "details" else getattr(record, name) for name in _COLUMNS] for record in records]
    output.table(f"Audit log, newest first ({len(rows)} of {total})" if rows else "Audit log", _COLUMNS, rows)
    end = offset + len(rows)
    if end < total:
        output.say(f"Older ones: citedesk audit list --offset {end}")
    output.result({"audit": told, "total": total, "next_offset": end if end < total else None})


@audit_app.command("verify")
def verify(
    head: Annotated[
        list[str] | None, typer.Option("--head", metavar="HASH", help="A hash that was noted earlier and must still be there; repeat.")
    ] = None,
    anchors: Annotated[
        Path | None, typer.Option("--anchors", exists=True, dir_okay=False, help="Noted ends. \\[default: CITEDESK_AUDIT_ANCHORS]")
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Recompute the chain of hashes. Exit code 1, naming the first broken row, when a row was edited, removed, added or moved.

    Rows cut off at the end together with the log's own head are noticed only with an end that was kept elsewhere: note the hash printed
    here, or name a file in CITEDESK_AUDIT_ANCHORS. Who can write both the database and that file can rewrite both unseen.
    """
    from server.state.audit_anchor import read_anchors

    settings = settings_for(data)
    kept = anchors or settings.audit_anchors
    output = Output(as_json)
    check_state_is_there(settings)
    with audit_log(settings) as log:
        noted = read_anchors(kept) if kept is not None else []
        broken, end = _broken(log, noted, head or ()), log.head()
    _tell(broken, end, len(noted), output)
    if broken is not None:
        raise typer.Exit(FAILED)


def _broken(log: "AuditLog", anchors: "list[AuditHead]", hashes: "tuple[str, ...] | list[str]") -> "AuditBreak | None":
    from server.state.audit_chain import AuditBreak, AuditHead

    unknown = [one for one in hashes if len(one) != 64]
    if unknown:
        raise UsageProblemError(f"'{unknown[0]}' is no hash of the audit log: `citedesk audit verify` prints one of 64 characters.")
    found = {one: log.number_of(one) for one in hashes}
    broken = log.verify([*anchors, *(AuditHead(number, one) for one, number in found.items() if number is not None)])
    missing = [one for one, number in found.items() if number is None]
    if broken is None and missing:
        return AuditBreak(log.count() + 1, f"no row has the hash {missing[0]}: the end was cut off, or the log was written anew")
    return broken


def _tell(broken: "AuditBreak | None", end: "AuditHead", anchors: int, output: Output) -> None:
    result: dict[str, Any] = {"sound": broken is None, "rows": end.number, "head": end.hash, "anchors": anchors}
    if broken is None:
        compared = f", and as {anchors} noted ends have it" if anchors else ""
        output.say(f"The audit log is whole: {end.number} rows, each as it was written{compared}.", "green")
        output.say(f"Its end: {end.hash}")
        output.result(result | {"broken": None})
        return
    output.say(f"The audit log is broken at row {broken.number}: {broken.reason}.", "red")
    output.say("Rows before it are as they were written. Compare with the state database in the last good backup.")
    output.result(result | {"broken": {"number": broken.number, "reason": broken.reason}})
