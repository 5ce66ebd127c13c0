"""``citedesk diff``: what changed between two versions."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from server.cli.options import AsOf, Data, Json, parse_day, settings_for
from server.cli.output import Output
from server.cli.problem import UsageProblemError
from server.settings import Settings

if TYPE_CHECKING:
    from kb.store import VersionStore
    from kb.version import Version
    from server.diff.asking import Asking
    from server.diff.gather import Follow
    from server.diff.report import DiffReport


def diff(
    old: Annotated[str | None, typer.Argument(metavar="A", help="The older version's id. \\[default: the parent of B]")] = None,
    new: Annotated[str | None, typer.Argument(metavar="B", help="The newer version's id. \\[default: the current one]")] = None,
    data: Data = None,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Also write one self-contained page.", dir_okay=False)] = None,
    show_all: Annotated[bool, typer.Option("--all", help="List everything, however long.")] = False,
    no_answers: Annotated[bool, typer.Option("--no-answers", help="Ask no questions: quick, and needs no encoder.")] = False,
    questions: Annotated[
        Path | None,
        typer.Option("--questions", help="A folder of golden questions, *.jsonl. \\[default: those shipped that fit]", exists=True),
    ] = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Show what changed between two versions of the knowledge base.

    Documents and passages, whom they are shown to, which answers change, which documents contradict each other, and what expires soon.
    """
    from kb.store import VersionStore
    from server.diff.asking import Asking
    from server.diff.gather import gather
    from server.diff.report import ALL, JSON_LIMITS

    if html is not None and not html.absolute().parent.is_dir():
        raise UsageProblemError(f"There is no folder {html.absolute().parent} to write the page into. Make it, or name another.")
    output = Output(as_json)
    settings = settings_for(data)
    day = parse_day(as_of, settings)
    store = VersionStore(settings.data)
    with ExitStack() as stack:
        before, after = _open(store, old, new, stack)
        asking = Asking()
        if before is not None and not no_answers:
            asking = _asking(settings, (before, after), questions, stack, output)
        with _bars(output) as follow:
            report = gather(before, after, day, follow, asking)
    if html is not None:
        _write_page(report, html, show_all)
        output.say(f"The page is in {html}.", "green")
    _print(report, show_all, output)
    output.result(report.to_json(ALL if show_all else JSON_LIMITS))


def _open(store: "VersionStore", old: str | None, new: str | None, stack: ExitStack) -> "tuple[Version | None, Version]":
    """Both versions, opened. Raises NoVersionError, VersionNotFoundError, VersionDamagedError, UsageProblemError."""
    after = store.open_current() if new is None else store.open(new)
    stack.callback(after.close)
    parent = old if old is not None else after.manifest.parent
    if parent == after.id:
        raise UsageProblemError(f"Version {after.id} cannot be compared with itself. `citedesk versions` lists the others.")
    if parent is None:
        return None, after
    before = store.open(parent)
    stack.callback(before.close)
    return before, after


def _asking(settings: Settings, versions: "tuple[Version, Version]", folder: Path | None, stack: ExitStack, output: Output) -> "Asking":
    from server.diff.asking import open_asking

    with output.progress.status("Loading what answers"):
        return stack.enter_context(open_asking(settings, *versions, folder))


@contextmanager
def _bars(output: Output) -> "Iterator[Follow]":
    """Draws a bar for each phase, if there is a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=output.progress, disable=not output.progress.is_terminal) as bars:

        def follow(phase: str, steps: int) -> Callable[[int], None]:
            task = bars.add_task(phase, total=steps)
            return lambda done: bars.advance(task, done)

        yield follow


def _write_page(report: "DiffReport", path: Path, show_all: bool) -> None:
    """Writes the page in one step. Raises StorageDeniedError, StorageFullError."""
    from kb.files import disk_errors, write_atomic
    from server.diff.page import render_page
    from server.diff.report import ALL, PAGE_LIMITS

    with disk_errors(path):
        write_atomic(path, render_page(report, ALL if show_all else PAGE_LIMITS))


def _print(report: "DiffReport", show_all: bool, output: Output) -> None:
    from server.cli.diff_text import TEXT_LIMITS, diff_lines
    from server.diff.report import ALL

    for line in diff_lines(report, ALL if show_all else TEXT_LIMITS):
        output.console.print(line)
