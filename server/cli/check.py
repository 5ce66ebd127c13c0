"""``citedesk check``: whether a version on disk is sound, and whether nothing is left of a deleted document."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.errors import CitedeskError
from server.cli.document_name import checked_name
from server.cli.options import Data, Json, VersionId, settings_for
from server.cli.output import Output
from server.cli.problem import FAILED, UsageProblemError

if TYPE_CHECKING:
    from kb.inspection import Inspection
    from kb.store import VersionStore
    from server.deletion import DeletionProof

_FORGET = "`citedesk forget` takes it out."
_LEFT = {
    "versions": _FORGET,
    "originals": _FORGET,
    "backups": "Remove them, or make them anew.",
    "backups out of reach": "Nobody can tell from here: look where they are.",
}


def check(
    version: VersionId = None,
    everything: Annotated[bool, typer.Option("--all", help="Examine every version that is kept.")] = False,
    deleted: Annotated[
        str | None, typer.Option("--deleted", help="Show that nothing is left of a document: its id, or its source and path.", metavar="ID")
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Examine a version on disk: files, database, indexes, vectors, canaries, originals. Exit code 1 if anything is wrong.

    A canary is a passage that is asked for itself and must be what is found. With --deleted the version is searched for traces of a
    document, and the kept versions, originals and backups that still hold it are listed.
    """
    from kb.store import VersionStore

    store = VersionStore(settings_for(data).data)
    output = Output(as_json)
    if everything and (version is not None or deleted is not None):
        raise UsageProblemError("--all goes with no version and not with --deleted.")
    if deleted is not None:
        sound = _check_deleted(store, version, deleted, output)
    elif everything:
        sound = _check_all(store, output)
    else:
        inspection = _inspect(store, version)
        _print(inspection, output)
        output.result(_fields(inspection))
        sound = inspection.sound
    if not sound:
        raise typer.Exit(FAILED)


def _inspect(store: "VersionStore", version: str | None) -> "Inspection":
    from kb.inspection import inspect

    opened = store.open_current() if version is None else store.open(version)
    try:
        return inspect(opened, store.objects)
    finally:
        opened.close()


def _check_all(store: "VersionStore", output: Output) -> bool:
    results = []
    for version_id in store.version_ids():
        try:
            if store.is_empty(version_id):
                output.say(f"Version {version_id} was damaged and emptied; only its number is left.")
                continue
            inspection = _inspect(store, version_id)
        except CitedeskError as error:
            output.say(f"Version {version_id} is damaged. {error}", "red")
            results.append({"version": version_id, "sound": False, "problems": [str(error)]})
            continue
        _print(inspection, output)
        results.append(_fields(inspection))
    sound = all(result["sound"] for result in results)
    output.result({"sound": sound, "versions": results})
    return sound


def _print(inspection: "Inspection", output: Output) -> None:
    looked_at = ", ".join(f"{count} {name}" for name, count in inspection.checked.items())
    if inspection.sound:
        output.say(f"Version {inspection.version} is sound: {looked_at}.", "green")
        return
    output.say(f"Version {inspection.version} is not sound ({looked_at}):", "red")
    for problem in inspection.problems:
        output.say(problem)


def _fields(inspection: "Inspection") -> dict[str, Any]:
    return {
        "version": inspection.version,
        "sound": inspection.sound,
        "problems": list(inspection.problems),
        "checked": dict(inspection.checked),
    }


def _check_deleted(store: "VersionStore", version: str | None, name: str, output: Output) -> bool:
    from server.deletion import prove_deleted

    proof = prove_deleted(store, version, checked_name(name))
    for trace in proof.traces:
        output.say(trace, "red")
    if not proof.traces:
        _say_deleted(proof, name, output)
    for where, what in proof.kept.items():
        if what:
            output.say(f"Still held by {where}: {', '.join(what)}. {_LEFT[where]}", "yellow")
    fields = {"version": proof.version, "deleted": not proof.traces, "traces": list(proof.traces)}
    more = {"known": proof.known, "recorded": proof.recorded, "forgotten": proof.forgotten, "kept": dict(proof.kept)}
    output.result(fields | more)
    return not proof.traces


def _say_deleted(proof: "DeletionProof", name: str, output: Output) -> None:
    nothing = f"Version {proof.version} holds nothing of {name}"
    if not proof.recorded:
        sources = ", ".join(proof.sources)
        output.say(f"{nothing}; nor does a kept version, a backup within reach or the list of what was forgotten.", "yellow")
        output.say(f"Check the spelling: an id, or a source (here: {sources}) and a path within it.")
        return
    output.say(f"{nothing}: no record, passage, vector, word or ledger entry.", "green")
    if proof.forgotten is not None:
        output.say(f"It was forgotten on {proof.forgotten}, and cannot come back.")
    if not proof.known:
        output.say("No older version that is kept holds it, so its words are not known any more: its id was looked for.")
