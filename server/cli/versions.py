"""``citedesk versions``: what is kept, which of it is current, and what is removed."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.errors import VersionDamagedError
from server.cli.options import Data, Json, settings_for
from server.cli.output import Output
from server.cli.state import audited

if TYPE_CHECKING:
    from kb.hold import Hold
    from kb.manifest import Manifest
    from kb.store import VersionStore

_COLUMNS = ("", "id", "created", "documents", "passages", "gate", "forced", "forgotten", "who", "why")


def versions(
    prune: Annotated[bool, typer.Option("--prune", help="Remove old versions, and the originals that only they used.")] = False,
    keep: Annotated[int | None, typer.Option("--keep", min=1, help="How many stay. \\[default: CITEDESK_KEEP_VERSIONS]")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List the versions of the knowledge base, newest first.

    With --prune the newest K stay, and in any case the current one, the one before it, and the one with the highest number.
    """
    from kb.retention import Pruned
    from kb.retention import prune as remove_old
    from kb.rollback import current_or_none
    from kb.store import VersionStore

    settings = settings_for(data)
    store = VersionStore(settings.data)
    output = Output(as_json)
    pruned = Pruned()
    if prune:
        with audited(settings, None, "versions.prune") as told, store.writer() as writer:
            pruned = remove_old(store, writer, keep or settings.keep_versions)
            told |= {"versions": list(pruned.versions), "originals": pruned.objects}
        output.say(f"Removed {len(pruned.versions)} versions ({', '.join(pruned.versions) or 'none'}) and {pruned.objects} originals.")
    current = current_or_none(store)
    hold, problem = _read_hold(store, current)
    manifests = store.versions()
    lost = [one for one in store.version_ids() if one not in {manifest.id for manifest in manifests}]
    output.table("Versions (* is current)" if manifests else "Versions", _COLUMNS, (_row(one, current) for one in manifests))
    for line in (pruned.problem, problem):
        if line is not None:
            output.say(line, "yellow")
    _say_notes(output, hold, lost, current, bool(manifests))
    output.result(
        {
            "current": current,
            "hold": _hold(hold),
            "versions": [_fields(one, current) for one in manifests],
            "unreadable": lost,
            "pruned": {"versions": list(pruned.versions), "originals": pruned.objects},
        }
    )


def _say_notes(output: Output, hold: "Hold | None", lost: list[str], current: str | None, any_left: bool) -> None:
    if hold is not None:
        output.say(f"{hold} The next ingest does not publish; `citedesk rollback --release` lets it.", "yellow")
    if lost:
        output.say(f"Cannot be read, or were emptied: {', '.join(lost)}. `citedesk check ID` says more.", "yellow")
    if current is None:
        choose = ", or choose one with `citedesk rollback N`" if any_left else ""
        output.say(f"No version is current. Publish one with `citedesk ingest`{choose}.", "yellow")


def _read_hold(store: "VersionStore", current: str | None) -> "tuple[Hold | None, str | None]":
    """The hold in effect, or why it cannot be told: a list of versions must work best when something is damaged."""
    try:
        return (None if current is None else store.hold()), None
    except VersionDamagedError as error:
        return None, str(error)


def _row(one: "Manifest", current: str | None) -> tuple[object, ...]:
    counts = one.counts
    mark = "*" if one.id == current else ""
    forgotten = len(one.forgotten) or None
    return (
        mark, one.id, one.created, counts.get("documents"), counts.get("passages"), _gate(one), one.forced, forgotten, one.who, one.why
    )  # fmt: skip


def _gate(one: "Manifest") -> str | None:
    """What the gate found; where there was no question to ask, that nothing was tested."""
    if one.gate is None:
        return None
    if one.gate.get("details", {}).get("exam") == "none":
        return "untested"
    return "passed" if one.gate.get("passed") else "failed"


def _hold(hold: "Hold | None") -> dict[str, str] | None:
    return None if hold is None else {"version": hold.version, "who": hold.who, "why": hold.why, "when": hold.when}


def _fields(one: "Manifest", current: str | None) -> dict[str, Any]:
    return {
        "id": one.id,
        "parent": one.parent,
        "created": one.created,
        "current": one.id == current,
        "counts": dict(one.counts),
        "sources": dict(one.sources),
        "encoder_id": one.encoder_id,
        "gate": None if one.gate is None else dict(one.gate),
        "forced": one.forced,
        "forgotten": len(one.forgotten),
        "who": one.who,
        "why": one.why,
    }
