"""``citedesk eval nights``: what a night costs beside a full build."""

import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from server.cli.evals.evaluation import load_encoder_of
from server.cli.options import settings_for
from server.cli.output import Output, write_json_line


def nights(
    passages: Annotated[int, typer.Option("--passages", min=100, help="How many passages to generate.")] = 20_000,
) -> None:
    """Build generated passages, change one in a hundred, build again: seconds, passages encoded, and their ratio."""
    from eval.nights import run
    from server.cli.progress import ProgressBars

    output = Output(as_json=True)
    encoder = load_encoder_of(settings_for(None))
    with tempfile.TemporaryDirectory(prefix="citedesk-nights-") as folder, ProgressBars(output.progress) as bars:
        report = run(encoder, Path(folder), passages, lambda _: bars)
    rows = [
        [name, str(night.passages), str(night.encoded), f"{night.seconds:.1f}", f"{night.seconds / report.full.seconds:.3f}"]
        for name, night in (("full build", report.full), ("1 % changed", report.changed), ("nothing changed", report.unchanged))
    ]
    output.table("What a night costs", ["night", "passages", "encoded", "seconds", "of the full build"], rows)
    write_json_line(asdict(report) | {"ratio": round(report.ratio, 4)})
