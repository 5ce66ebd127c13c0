"""The table of a golden report, as `citedesk eval` prints it."""

from typing import TYPE_CHECKING

from server.cli.output import Output

if TYPE_CHECKING:
    from eval.golden import GoldenReport
    from eval.question import GoldenQuestion

COLUMNS = ["half", "language", "answerable", "found@5", "complete", "clean", "cited", "declined", "unanswerable", "declined "]


def print_golden(output: Output, report: "GoldenReport", title: str, show: bool) -> None:
    """Print a row for each half and language; with ``show`` every question with a problem, and its answer."""
    rows = []
    for row in report.rows:
        rates = [_percent(rate) for rate in (row.found, row.complete, row.clean, row.cited, row.declined_wrongly)]
        rows.append([row.half, row.language, str(row.answerable), *rates, str(row.unanswerable), _percent(row.declined_rightly)])
    output.table(title, COLUMNS, rows)
    for outcome in report.outcomes:
        if show and outcome.problem:
            output.say(f"{_head(outcome.question)}: {outcome.problem}\n    {outcome.answer}")


def _head(question: "GoldenQuestion") -> str:
    return f"{question.id} ({question.half}) {question.question}"


def _percent(rate: float | None) -> str:
    return "" if rate is None else f"{rate:.1%}"
