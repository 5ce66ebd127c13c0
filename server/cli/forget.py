"""``citedesk forget``: take a document out of everything that is kept."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.confirm import confirm
from server.cli.document_name import checked_name
from server.cli.options import Data, Json, Who, settings_for
from server.cli.output import Output
from server.cli.problem import UsageProblemError
from server.cli.progress import ProgressBars
from server.cli.state import audited
from server.cli.who import default_who
from server.settings import Settings

if TYPE_CHECKING:
    from ingest.forgetting import Holding
    from kb.store import VersionStore


def forget(
    document: Annotated[str, typer.Argument(metavar="DOCUMENT", help="The document's id, or its source and path, as in shop/returns.md.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    remembered: Annotated[bool, typer.Option("--remember", help="Let a forgotten document come back at the next ingest.")] = False,
    who: Who = None,
    why: Annotated[str, typer.Option("--why", help="Why; kept in the list of what was forgotten.")] = "",
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Take a document out of every kept version and out of the originals, for good, and list the backups that still hold it.

    It does not come back: where a source still has it, ingest reports it as failed. Versions keep their numbers.
    """
    from kb.store import VersionStore

    settings = settings_for(data)
    store = VersionStore(settings.data)
    output = Output(as_json)
    document = checked_name(document)
    if remembered:
        with audited(settings, who, "forget.undo", "document", {"documents": _ids(document)}):
            _remember(store, document, output)
        return
    if not why:
        raise UsageProblemError("Say why with --why: the reason is all that is kept of a forgotten document.")
    _forget(settings, store, document, yes, who or default_who(), why, output)


def _ids(name: str) -> list[str]:
    """Of a document its ids, which say nothing: its path may name a person."""
    from kb.forgetting import document_ids

    return sorted(document_ids(name))


def _sources(store: "VersionStore") -> str:
    """The names of all sources of kept versions; those of damaged ones are not known."""
    return ", ".join(sorted({source for manifest in store.versions() for source in manifest.sources})) or "(none)"


def _forget(settings: Settings, store: "VersionStore", name: str, yes: bool, who: str, why: str, output: Output) -> None:
    from ingest.forgetting import find_holdings, finish_forgetting
    from ingest.forgetting import forget as forget_holdings
    from kb.errors import VersionNotFoundError
    from kb.forgetting import document_ids
    from server.backup.made import made_backups

    documents = document_ids(name)
    if not yes and (found := find_holdings(store, documents)):
        _confirm(found, output)  # before the lock is taken: people may think as long as they like
    with audited(settings, who, "forget", "document", {"documents": _ids(name)}) as told, store.writer() as writer:
        unfinished = finish_forgetting(store, writer)
        holdings = find_holdings(store, documents)
        if not holdings and not unfinished.rewritten:
            what = f"No kept version holds the document {name}. `citedesk check --deleted {name}` says what is left."
            raise VersionNotFoundError(f"{what} A path begins with its source, one of: {_sources(store)}.")
        with ProgressBars(output.progress) as bars:
            done = forget_holdings(store, writer, holdings, who, why, bars)
        told |= {"rewritten": sorted({*done.purged.rewritten, *unfinished.rewritten}), "originals": done.purged.objects}
    answers = {one.place: one.holds(documents) for one in made_backups(store.data)}
    rewritten = sorted({*done.purged.rewritten, *unfinished.rewritten})
    output.say(f"Forgotten: {name} is in no kept version. Versions written anew: {', '.join(rewritten) or 'none'}.", "green")
    _say_leftovers(done.purged.emptied, done.twins, answers, output)
    output.result(
        {
            "documents": sorted(done.documents),
            "rewritten": rewritten,
            "emptied": list(done.purged.emptied),
            "originals": done.purged.objects,
            "same_content": [{"version": one.version, "source": one.name.source, "path": one.name.path} for one in done.twins],
            "backups": [path for path, answer in answers.items() if answer == "yes"],
            "backups_out_of_reach": [path for path, answer in answers.items() if answer == "unknown"],
        }
    )


def _confirm(holdings: "Sequence[Holding]", output: Output) -> None:
    rows = [(one.version, one.name.source, one.name.path, one.document) for one in holdings]
    output.table("To be forgotten", ("version", "source", "path", "id"), rows)
    confirm("Take it out of these versions for good?", "Nothing was forgotten.", output)


def _say_leftovers(emptied: "Sequence[str]", twins: "Sequence[Holding]", answers: Mapping[str, str], output: Output) -> None:
    if emptied:
        output.say(f"Damaged, so nobody can tell what they held, and emptied: {', '.join(emptied)}.", "yellow")
    for twin in twins:
        output.say(f"{twin.name.source}/{twin.name.path} in version {twin.version} has the same content, and stays.", "yellow")
    for path, answer in answers.items():
        if answer != "no":
            holds = "holds it still" if answer == "yes" else "was moved, damaged or cut short, and may hold it still"
            output.say(f"The backup {path} {holds}. Remove it, or make it anew.", "yellow")


def _remember(store: "VersionStore", name: str, output: Output) -> None:
    from ingest.forgetting import remember
    from kb.forgetting import document_ids

    with store.writer():
        count = remember(store, document_ids(name))
    output.say("It comes back with the next ingest of its source." if count else f"{name} is not among the forgotten.")
    output.result({"remembered": count})
