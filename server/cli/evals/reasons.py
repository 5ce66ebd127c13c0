"""``citedesk eval reasons``: is a declined question told the right reason?"""

from dataclasses import asdict, astuple
from typing import Annotated

import typer

from server.cli.evals.evaluation import bar
from server.cli.evals.sample_shop import shop_of
from server.cli.options import Data, settings_for
from server.cli.output import Output, write_json_line


def reasons(
    data: Data = None, show: Annotated[bool, typer.Option("--show", help="List what of the tuning half is given a false reason.")] = False
) -> None:
    """Ask what only texts for elsewhere or another day answer, and what none does; without --data, of the sample shop."""
    from eval.reasons import ask, read_cases, tabulate
    from server.services import open_services

    output, cases = Output(as_json=True), read_cases()
    with (
        shop_of(settings_for(data), data, output) as (settings, encoder),
        open_services(settings, encoder) as services,
        services.live.lease() as version,
        bar(output, "Asking", len(cases)) as advance,
    ):
        given = ask(services.answerer, version, cases, advance)
    rows = tabulate(given)
    columns = ["half", "questions", "number", "declined", "no rule for here or today"]
    output.table("Reasons of declined questions", columns, [[str(value) for value in astuple(row)] for row in rows])
    for one in given if show else ():
        if one.case.half == "tune" and one.false:
            output.say(f"{one.reason}: {one.case.question}")
    write_json_line({"rows": [asdict(row) for row in rows], "false": [one.case.id for one in given if one.false]})
