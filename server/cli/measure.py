"""``citedesk eval answers`` and ``decline``: answers and declining on retrieval sets, which nobody here wrote."""

from dataclasses import asdict, astuple
from pathlib import Path
from typing import Annotated

import typer

from server.cli.evaluation import bar, cell, load_parts
from server.cli.output import Output, write_json_line

Folders = Annotated[list[Path], typer.Argument(help="Folders in BEIR layout.", exists=True, file_okay=False)]
Limit = Annotated[int, typer.Option("--limit", help="How many questions of each kind.", min=1)]


def answers(folders: Folders, limit: Limit = 400) -> None:
    """Ask retrieval sets: does the answer hold the expected one, beside plain alternatives?"""
    from eval.answers import run

    output = Output(as_json=True)
    encoder, reader = load_parts()
    reports = []
    for folder in folders:
        with bar(output, f"Asking {folder.name}", limit) as advance:
            reports.append(run(folder, encoder, reader, limit, advance))
    columns = ["set", "questions", "one", "up to three", "declined", "sentences", "first found", "plain best", "plain three"]
    output.table("Answers that hold the expected one", columns, [[cell(value) for value in astuple(report)] for report in reports])
    write_json_line({report.name: asdict(report) for report in reports})


def decline(folders: Folders, limit: Limit = 400) -> None:
    """Ask retrieval sets with and without the answering passages: can the confidence tell?"""
    from eval.declining import run

    output = Output(as_json=True)
    encoder, reader = load_parts()
    reports = []
    for folder in folders:
        with bar(output, f"Asking {folder.name}", 2 * limit) as advance:
            reports.append(run(folder, encoder, reader, limit, advance))
    columns = ["set", "questions", "ROC area", "declined wrongly", "rightly", "ROC area, unanswerable"]
    output.table("Declining", columns, [[cell(value) for value in astuple(report)] for report in reports])
    write_json_line({report.name: asdict(report) for report in reports})
