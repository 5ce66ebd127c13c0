"""``citedesk eval languages``: is the language of a short question told?"""

from dataclasses import asdict, astuple
from typing import Annotated

import typer

from server.cli.evals.evaluation import cell
from server.cli.output import Output, write_json_line


def languages(show: Annotated[bool, typer.Option("--show", help="List what of the tuning half was told wrongly.")] = False) -> None:
    """Tell the language of short questions at shops with documents in that language, in others, or in none."""
    from eval.question_languages import read_cases, tabulate, tell

    output = Output(as_json=True)
    told = tell(read_cases())
    rows = tabulate(told)
    columns = ["half", "questions", "language", "number", "documents in it", "English and Chinese", "other languages", "none"]
    output.table("Languages of short questions", columns, [[cell(value) for value in astuple(row)] for row in rows])
    for one in told if show else ():
        if one.case.half == "tune" and not one.right:
            output.say(f"{one.shop}: {one.case.text} [{one.language}, not {' or '.join(one.case.languages)}]")
    write_json_line({"rows": [asdict(row) for row in rows]})
