"""``citedesk eval oblique``: small shops asked in a shopper's oblique words."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from server.cli.evals.evaluation import bar
from server.cli.evals.golden_table import print_golden
from server.cli.options import settings_for
from server.cli.output import Output, write_json_line


def oblique(
    show: Annotated[bool, typer.Option("--show", help="List every question with a problem.")] = False,
    across: Annotated[bool, typer.Option("--across", help="Ask in another language than the documents'.")] = False,
) -> None:
    """Ask two small shops for planted facts in oblique words, and for what their documents do not tell."""
    from eval.oblique import ASKED, ASKED_ACROSS, read_oblique, run
    from server.services import open_services

    output = Output(as_json=True)
    shops = read_oblique(asked=ASKED_ACROSS if across else ASKED)
    with (
        tempfile.TemporaryDirectory(prefix="citedesk-eval-") as folder,
        open_services(settings_for(Path(folder))) as services,
        bar(output, "Asking", sum(len(shop.questions) for shop in shops)) as advance,
    ):
        report = run(shops, services.encoder, services.answerer, advance)
    print_golden(output, report, f"{len(shops)} shops asked obliquely", show)
    write_json_line(report.to_json())
