"""``citedesk eval person-needs``: which questions are taken to need a person."""

from dataclasses import asdict, astuple
from typing import Annotated

import typer

from server.cli.evals.evaluation import bar, cell, load_encoder_of
from server.cli.options import settings_for
from server.cli.output import Output, write_json_line


def person_needs(
    ordinary: Annotated[
        bool, typer.Option("--ordinary/--no-ordinary", help="Also the golden and the shops' questions, which takes minutes.")
    ] = True,
    show: Annotated[bool, typer.Option("--show", help="List what of the tuning halves was judged wrongly.")] = False,
) -> None:
    """Look for accounts, law and accidents in questions: what is recognised, and what wrongly?"""
    from eval.person_needs import find_all, ordinary_questions, read_cases, tabulate, tabulate_flagged
    from rag.person_need import PersonNeedFinder

    output = Output(as_json=True)
    settings = settings_for(None)
    finder = PersonNeedFinder(load_encoder_of(settings), settings.cache)
    cases, others = read_cases(), ordinary_questions() if ordinary else []
    with bar(output, "Asking", len(cases) + len(others)) as advance:
        found, flagged = find_all(finder, cases, advance), find_all(finder, others, advance)
    rows, flags = tabulate(cases, found), tabulate_flagged(others, flagged)
    columns = ["half", "kind", "language", "needs", "recall", "right kind", "near misses", "false alarms"]
    output.table("Questions that need a person", columns, [[cell(value) for value in astuple(row)] for row in rows])
    if flags:
        titles = ["collection", "half", "questions", "flagged", "account", "law", "safety"]
        output.table("Ordinary questions", titles, [[cell(value) for value in astuple(row)] for row in flags])
    if show:
        wrong = [(case.half, case.question, need) for case, need in zip(cases, found, strict=True) if (need is not None) != case.person]
        wrong += [(one.half, one.question, need) for one, need in zip(others, flagged, strict=True) if need is not None]
        for _, question, need in [one for one in wrong if one[0] == "tune"]:
            output.say(f"{need.kind if need is not None else 'not recognised'}: {question}")
    write_json_line({"needs": [asdict(row) for row in rows], "ordinary": [asdict(row) for row in flags]})
