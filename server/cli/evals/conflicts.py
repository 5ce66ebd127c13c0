"""``citedesk eval conflicts``: contradictions between passages, and near misses."""

from dataclasses import asdict, astuple
from pathlib import Path
from typing import Annotated

import typer

from server.cli.evals.evaluation import bar, cell
from server.cli.options import settings_for
from server.cli.output import Output, write_json_line


def conflicts(
    pairs: Annotated[Path | None, typer.Option("--pairs", help="A *.jsonl of pairs. \\[default: those shipped]", exists=True)] = None,
    show: Annotated[str | None, typer.Option("--show", help="List the pairs of this half that were judged wrongly: tune or test.")] = None,
) -> None:
    """Tell pairs of passages that contradict each other from pairs that only seem to: precision and recall."""
    from eval.conflicts import CONFLICTS_FILE, read_conflicts, run, tabulate
    from rag.conflict_finder import ConflictFinder
    from rag.readers.load import load_reader

    output = Output(as_json=True)
    settings = settings_for(None)
    known = read_conflicts(pairs or CONFLICTS_FILE)
    with bar(output, "Comparing", len(known)) as advance:
        outcomes = run(known, load_reader(settings.reader, settings.cache), ConflictFinder(), advance)
    rows = tabulate(outcomes)
    columns = ["half", "language", "pairs", "conflicting", "flagged", "precision", "recall"]
    output.table(f"{len(outcomes)} pairs of passages", columns, [[cell(value) for value in astuple(row)] for row in rows])
    for outcome in outcomes:
        if outcome.pair.half == show and not outcome.right:
            told = "; ".join(found.note for found in outcome.found) or "nothing found"
            output.say(f"{outcome.pair.id} {outcome.pair.sort}: {outcome.pair.question}\n    {told}")
    write_json_line({f"{row.half}/{row.language}": asdict(row) for row in rows})
