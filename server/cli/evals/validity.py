"""``citedesk eval validity``: questions whose answers hang on a day, a region, a channel or a product."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from server.cli.evals.evaluation import bar
from server.cli.options import settings_for
from server.cli.output import Output, write_json_line
from server.cli.problem import UsageProblemError


def validity(
    show: Annotated[bool, typer.Option("--show", help="List every question that was answered wrongly.")] = False,
    chosen: Annotated[str, typer.Option("--set", help="The questions and their shop: first or later.")] = "first",
) -> None:
    """Ask an invented shop which rule holds when and where: sixty questions in three languages."""
    from eval.ingested import ingested_source
    from eval.validity import SETS, read_validity, run, tabulate
    from server.services import open_services

    if chosen not in SETS:
        raise UsageProblemError(f"There is no set {chosen!r}. The sets are {' and '.join(SETS)}.")
    output = Output(as_json=True)
    questions = read_validity(SETS[chosen].questions)
    with (
        tempfile.TemporaryDirectory(prefix="citedesk-eval-") as folder,
        open_services(settings_for(Path(folder))) as services,
        ingested_source("shop", SETS[chosen].shop, services.encoder) as version,
        bar(output, "Asking", len(questions)) as advance,
    ):
        outcomes = run(services.answerer, version, questions, advance)
    rows = tabulate(outcomes)
    columns = ["half", "hangs on", "questions", "right", "not in force"]
    output.table(f"{len(questions)} dated and regional questions", columns, [[str(value) for value in row] for row in rows])
    for outcome in outcomes:
        if show and outcome.problems:
            question = outcome.question
            output.say(f"{question.id} ({question.half}) {question.question}: {'; '.join(outcome.problems)}\n    {outcome.answer}")
    wrong = [outcome.question.id for outcome in outcomes if outcome.problems]
    counts = {"questions": len(outcomes), "right": len(outcomes) - len(wrong), "not_in_force": sum(one.superseded for one in outcomes)}
    write_json_line({**counts, "wrong": wrong})
