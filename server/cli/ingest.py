"""``citedesk ingest``: read documents into the next version of the knowledge base."""

import getpass
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.gate import print_gate
from server.cli.options import Data, Json, settings_for
from server.cli.output import Output
from server.cli.prepare import announcer, load_encoder_with_notice
from server.cli.problem import UsageProblemError
from server.cli.progress import ProgressBars
from server.settings import Settings

if TYPE_CHECKING:
    from ingest.options import IngestOptions
    from ingest.report import IngestReport
    from ingest.source import SourceSpec

_MAX_WORKERS = 8
_MOST_ROWS = 20
"""Of a list that is whole in the report (``--json``)."""
_OUTCOMES = {
    "published": ("green", "Published version {version}."),
    "unchanged": ("green", "Nothing has changed; version {version} stays."),
    "refused": ("red", "Refused: the new version was not published. Version {version} stays."),
    "partial": ("yellow", "Published version {version}, without the files that failed."),
    "busy": ("red", "Another ingest is running on this data folder. Wait until it has ended, then run this again."),
    "failed": ("red", "Failed: nothing was published."),
}


def ingest(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help="Folders, files, zip archives, web addresses or lists of them; each is a source.")
    ],
    data: Data = None,
    name: Annotated[
        str | None, typer.Option("--name", help="The source's name, for a single PATH. [default: the folder's or file's own]")
    ] = None,
    confirm_loss: Annotated[
        list[str] | None, typer.Option("--confirm-loss", help="A source that may lose more than half of its documents; repeat for several.")
    ] = None,
    who: Annotated[str | None, typer.Option("--who", help="Who publishes. [default: the user's name]")] = None,
    why: Annotated[str, typer.Option("--why", help="Why this version is made.")] = "",
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Parsing processes. [default: one per core, at most 8]")] = None,
    golden: Annotated[
        list[Path] | None, typer.Option("--golden", help="A folder of golden questions besides the shop's own; repeat for several.")
    ] = None,
    force: Annotated[
        str | None, typer.Option("--force", metavar="REASON", help="Publish although the golden questions refuse; goes into the manifest.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Read documents, make the next version of the knowledge base, and publish it.

    Exit codes: 0 published, 3 nothing to do, 4 refused, 5 published but some files failed, 75 busy, 1 failed.
    """
    from ingest.options import IngestOptions
    from ingest.source import SourceSpec

    if name is not None and len(paths) != 1:
        raise UsageProblemError("--name goes with a single PATH. Ingest the paths one by one to name each.")
    output = Output(as_json)
    options = IngestOptions(
        workers=workers or default_workers(), confirm_loss=frozenset(confirm_loss or ()), who=who or default_who(), why=why, force=force
    )
    report = run_ingest(settings_for(data), [SourceSpec.from_argument(path, name) for path in paths], options, output, golden or ())
    output.result(report.to_json())
    if report.exit_code:
        raise typer.Exit(report.exit_code)


def run_ingest(
    settings: Settings, sources: "Sequence[SourceSpec]", options: "IngestOptions", output: Output, golden: Sequence[Path] = ()
) -> "IngestReport":
    """Ingest ``sources``, tested by the shop's golden questions and those in the folders ``golden``, and print what happened.

    Web pages come from the hosts that ``settings`` allow. The first time, makes the two default keys as well.
    """
    import ingest.run
    from ingest.web.access import WebAccess
    from kb.store import VersionStore
    from server.gate import golden_questions, open_gate
    from server.state.default_keys import ensure_default_keys

    keep = options.keep_versions or settings.keep_versions
    options = replace(options, web=WebAccess(settings.web_hosts), keep_versions=keep)
    questions = golden_questions(settings, golden)
    encoder = load_encoder_with_notice(settings, output)
    options = replace(options, gate=open_gate(settings, encoder, questions, announce=announcer(output)))
    with ProgressBars(output.progress) as bars:
        report = ingest.run.ingest(VersionStore(settings.data), encoder, sources, options, bars)
    print_report(report, output)
    if report.version is not None:
        made = ensure_default_keys(settings.data)
        if made is not None:
            output.say(f"Two API keys, one public and one internal, are in {made}.")
    return report


def print_report(report: "IngestReport", output: Output) -> None:
    """Totals, notes, and tables of what failed and of what broke."""
    if report.failed:
        rows = [(file.source, file.path, file.reason) for file in report.failed]
        output.table(f"Failed: {len(rows)}", ("source", "file", "reason"), rows)
    if report.flagged:
        flagged = [(one.source, one.path, "" if one.page is None else str(one.page), one.excerpt) for one in report.flagged[:_MOST_ROWS]]
        output.table(f"Speak to a language model: {len(report.flagged)}", ("source", "file", "page", "excerpt"), flagged)
    if report.gate is not None:
        print_gate(report.gate, output)
    for note in report.notes:
        output.say(note)
    style, sentence = _OUTCOMES[report.outcome]
    states = [file.state for file in report.files]
    totals = ", ".join(f"{states.count(state)} {state}" for state in ("ingested", "unchanged", "failed") if state in states)
    output.say(sentence.format(version=report.version or "(none)"), style)
    output.say(f"{len(states)} documents ({totals or 'none'}) in {report.seconds:.1f} s. {_counts(report)}")


def default_workers() -> int:
    """One parser process per core."""
    return min(os.cpu_count() or 1, _MAX_WORKERS)


def default_who() -> str:
    """The name of the user who runs this, or of their number where it has no name (as in some containers)."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


def _counts(report: "IngestReport") -> str:
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in report.counts.items())
