"""``citedesk eval personal-data``: what is masked of what is personal, and what wrongly."""

from dataclasses import asdict, astuple
from pathlib import Path
from typing import Annotated

import typer

from server.cli.evals.evaluation import bar, cell
from server.cli.options import settings_for
from server.cli.output import Output, write_json_line


def personal_data(
    items: Annotated[Path | None, typer.Option("--items", help="A *.jsonl of items. \\[default: those shipped]", exists=True)] = None,
    show: Annotated[str | None, typer.Option("--show", help="List the items of this half that were judged wrongly: tune or test.")] = None,
) -> None:
    """Look for e-mail addresses, phone, card and ID numbers and addresses in texts, half of which hold none: recall and precision."""
    from eval.personal_data import ITEMS_FILE, find_all, is_wrong, read_items, tabulate
    from rag.privacy.finder import PersonalDataFinder

    output = Output(as_json=True)
    texts = read_items(items or ITEMS_FILE)
    finder = PersonalDataFinder(settings_for(None).phone_regions)
    with bar(output, "Searching", len(texts)) as advance:
        results = find_all(finder, texts, advance)
    rows = tabulate(texts, results)
    columns = ["half", "kind", "language", "items", "personal", "recall", "found", "precision"]
    output.table("Personal data", columns, [[cell(value) for value in astuple(row)] for row in rows])
    for item, found in zip(texts, results, strict=True):
        if item.half == show and is_wrong(item, found):
            told = ", ".join(f"{one.kind} {item.text[one.start : one.end]}" for one in found)
            output.say(f"{item.id}: {item.text}\n    {told or 'nothing'}")
    write_json_line({f"{row.half}/{row.kind}/{row.language}": asdict(row) for row in rows})
