"""``citedesk eval answers`` and ``decline``: answers and declining on retrieval sets, which nobody here wrote."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, astuple
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.evals.evaluation import cell, load_parts, steps
from server.cli.output import Output, write_json_line

if TYPE_CHECKING:
    from eval.answers import AnswerReport
    from eval.declining import DecliningReport
    from kb.encoder import Encoder
    from rag.reader import Reader

    Tell = Callable[[int, int], None]
    Run = Callable[[Path, Encoder, Reader, int, Tell], AnswerReport | DecliningReport]

Folders = Annotated[list[Path], typer.Argument(metavar="FOLDER", help="Folders in BEIR layout.", exists=True, file_okay=False)]
Limit = Annotated[int, typer.Option("--limit", help="How many questions of each kind.", min=1)]


def answers(folders: Folders, limit: Limit = 400) -> None:
    """Ask retrieval sets: does the answer hold the expected one, beside plain alternatives?"""
    from eval.answers import run

    columns = ["set", "questions", "one", "up to three", "declined", "sentences", "first found", "plain best", "plain three"]
    _measure(run, folders, limit, "Answers that hold the expected one", columns)


def decline(folders: Folders, limit: Limit = 400) -> None:
    """Ask retrieval sets with and without the answering passages: can the confidence tell?"""
    from eval.declining import run

    columns = ["set", "questions", "ROC area", "declined wrongly", "rightly", "ROC area, unanswerable"]
    _measure(run, folders, limit, "Declining", columns)


def _measure(run: "Run", folders: Sequence[Path], limit: int, title: str, columns: Sequence[str]) -> None:
    output = Output(as_json=True)
    encoder, reader = load_parts()
    reports = []
    for folder in folders:
        with steps(output, f"Asking {folder.name}") as tell:
            reports.append(run(folder, encoder, reader, limit, tell))
    output.table(title, columns, [[cell(value) for value in astuple(report)] for report in reports])
    write_json_line({report.name: asdict(report) for report in reports})
