"""``citedesk ingest``: read documents into the next version of the knowledge base."""

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kb.errors import CitedeskError, KnowledgeBaseError, StoreBusyError
from server.cli.ingest_report import print_report
from server.cli.options import Data, Json, settings_for
from server.cli.output import Output
from server.cli.prepare import announcer, load_encoder_with_notice
from server.cli.problem import UsageProblemError
from server.cli.progress import ProgressBars
from server.cli.who import default_who
from server.settings import Settings

if TYPE_CHECKING:
    from ingest.options import IngestOptions
    from ingest.report import IngestReport
    from ingest.source import SourceSpec
    from server.state.run import RunRequest, Trigger

_MAX_WORKERS = 8


def ingest(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH", help="Folders, files, zip archives, web addresses or lists of them; each is a source.", show_default=False
        ),
    ] = None,
    data: Data = None,
    name: Annotated[
        str | None, typer.Option("--name", help="The source's name, for a single PATH. \\[default: the folder's or file's own]")
    ] = None,
    confirm_loss: Annotated[
        list[str] | None, typer.Option("--confirm-loss", help="A source that may lose more than half of its documents; repeat for several.")
    ] = None,
    who: Annotated[str | None, typer.Option("--who", help="Who publishes. \\[default: the user's name]")] = None,
    why: Annotated[str, typer.Option("--why", help="Why this version is made.")] = "",
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Parsing processes. \\[default: one per core, at most 8]")] = None,
    golden: Annotated[
        list[Path] | None, typer.Option("--golden", help="A folder of golden questions besides the shop's own; repeat for several.")
    ] = None,
    force: Annotated[
        str | None, typer.Option("--force", metavar="REASON", help="Publish although the golden questions refuse; goes into the manifest.")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="Also list the files whose kind is not read.")] = False,
    log: Annotated[bool, typer.Option("--log", help="Also log how the run begins and ends, as JSON lines on standard error.")] = False,
    run: Annotated[str | None, typer.Option("--run", hidden=True, help="Do the run that a server has recorded under this id.")] = None,
    as_json: Json = False,
) -> None:
    """Read documents, make the next version of the knowledge base, and publish it.

    Exit codes: 0 published, 3 nothing to do, 4 refused, 5 some files failed, 75 busy, 1 failed; 130 and 143 stopped by Ctrl-C and SIGTERM.
    """
    from ingest.options import IngestOptions
    from ingest.source import SourceSpec

    settings, output = settings_for(data), Output(as_json)
    if run is not None:
        sources, options = _handed_over(settings, run)
    else:
        sources = [SourceSpec.from_argument(path, name) for path in _checked(paths, name)]
        options = IngestOptions(confirm_loss=frozenset(confirm_loss or ()), who=who or default_who(), why=why, force=force)
    options = replace(options, workers=workers or default_workers())
    try:
        report = run_ingest(settings, sources, options, output, "cli" if run is None else "http", run, log, golden or (), verbose)
    except CitedeskError as error:
        if not as_json:
            raise
        output.say(str(error), "red")
        report = _report_of(error, settings)
        output.result(report.to_json() | {"error": {"type": type(error).__name__, "message": str(error)}})
        raise typer.Exit(report.exit_code) from error
    output.result(report.to_json())
    if report.exit_code:
        raise typer.Exit(report.exit_code)


def run_ingest(
    settings: Settings,
    sources: "Sequence[SourceSpec]",
    options: "IngestOptions",
    output: Output,
    trigger: "Trigger" = "cli",
    run: str | None = None,
    log: bool = False,
    golden: Sequence[Path] = (),
    verbose: bool = False,
) -> "IngestReport":
    """Ingest ``sources``, record the run and print what happened. The first time, makes the two default keys as well.

    The shop's golden questions and those in the folders ``golden`` test what was built. ``run`` is the id of a run whose row is there
    already; ``log`` and ``verbose`` are the options --log and --verbose.
    Raises what `ingest.run.ingest` raises, and typer.Exit when a signal stopped it.
    """
    import ingest.run
    from kb.store import VersionStore
    from server.gate import golden_questions, open_gate
    from server.runs.record import recorded_run
    from server.runs.run_progress import SharedProgress
    from server.runs.stop_signals import StopSignal, stop_signals
    from server.state.default_keys import ensure_default_keys

    if log:
        from server.logs import configure_logging

        configure_logging(sys.stderr, phone_regions=settings.phone_regions, secrets=settings.secrets)
    try:
        with stop_signals(), recorded_run(settings, _request(sources, options), trigger, run, log) as record:
            questions = golden_questions(settings, golden)
            encoder = load_encoder_with_notice(settings, output)
            options = replace(_shop_options(options, settings), gate=open_gate(settings, encoder, questions, announce=announcer(output)))
            with ProgressBars(output.progress) as bars:
                progress = SharedProgress(bars, record.progress)
                report = ingest.run.ingest(VersionStore(settings.data), encoder, sources, options, progress)
            made = None if report.version is None else ensure_default_keys(settings)
            report = record.end(report)
    except StopSignal as stop:
        output.say(f"Stopped by signal {stop.number}. `citedesk runs last` says how far it came.", "red")
        raise typer.Exit(stop.exit_code) from stop
    print_report(report, output, verbose)
    if made is not None:
        output.say(f"Two API keys, one public and one internal, are in {made}.")
        output.say(f'Next: citedesk ask "…" --data {settings.data}, or citedesk serve --data {settings.data}')
    return report


def default_workers() -> int:
    """One parser process per core."""
    return min(os.cpu_count() or 1, _MAX_WORKERS)


def _shop_options(options: "IngestOptions", settings: Settings) -> "IngestOptions":
    """``options`` with what ``settings`` say of every run of this shop."""
    from ingest.parse.limits import MEBIBYTE
    from ingest.web.access import WebAccess

    keep = options.keep_versions or settings.keep_versions
    seconds, memory = settings.parse_seconds, settings.parse_memory_mib * MEBIBYTE
    bounds = replace(options.limits, wall_seconds=float(seconds), cpu_seconds=seconds, memory=memory)
    limits = replace(bounds, ocr=settings.ocr, ocr_seconds=settings.ocr_seconds)
    return replace(options, limits=limits, web=WebAccess(settings.web_hosts), keep_versions=keep, today=settings.today())


def _checked(paths: list[str] | None, name: str | None) -> list[str]:
    """The paths of the command line. Raises UsageProblemError."""
    if not paths:
        raise UsageProblemError("No source was given. Name a folder or a file to ingest.")
    if name is not None and len(paths) != 1:
        raise UsageProblemError("--name goes with a single PATH. Ingest the paths one by one to name each.")
    return paths


def _handed_over(settings: Settings, run: str) -> "tuple[list[SourceSpec], IngestOptions]":
    """What a server was asked for over HTTP."""
    from ingest.options import IngestOptions
    from ingest.source import SourceSpec
    from server.runs.handed_over import stand_back, take_over

    asked = take_over(settings, run)
    stand_back()
    options = IngestOptions(confirm_loss=frozenset(asked.confirm_loss), who=asked.who, why=asked.why, force=asked.force)
    return [SourceSpec.from_argument(source.path, source.name) for source in asked.sources], options


def _request(sources: "Sequence[SourceSpec]", options: "IngestOptions") -> "RunRequest":
    from server.state.run import RunRequest, RunSource

    named = tuple(RunSource(source.name, source.argument) for source in sources)
    return RunRequest(named, options.who, options.why, tuple(sorted(options.confirm_loss)), options.force)


def _report_of(error: CitedeskError, settings: Settings) -> "IngestReport":
    """The report of a run that an error ended, so that a program reads one shape however the night went."""
    from ingest.report import IngestReport
    from kb.store import VersionStore

    try:
        live = VersionStore(settings.data).current_id()
    except KnowledgeBaseError:
        live = None  # most likely what the error is about
    return IngestReport("busy" if isinstance(error, StoreBusyError) else "failed", live, notes=(str(error),))
