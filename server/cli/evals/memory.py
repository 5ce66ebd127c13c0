"""``citedesk eval memory``: what the ingest of a large PDF takes beside the encoder's own memory."""

import tempfile
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from server.cli.evals.evaluation import load_encoder_of
from server.cli.options import settings_for
from server.cli.output import Output, write_json_line


def memory(pages: Annotated[int, typer.Option("--pages", min=1, help="How many pages the PDF has.")] = 1600) -> None:
    """Ingest one large PDF, and encode its texts in another process: peaks of resident memory."""
    from eval.large_pdf import measure

    output = Output(as_json=True)
    with tempfile.TemporaryDirectory(prefix="citedesk-memory-") as folder:
        report = measure(Path(folder), pages, partial(load_encoder_of, settings_for(None)))
    peaks = (("the encoder alone", report.encoder), ("the ingest", report.whole), ("its parser process", report.parser))
    title = f"A PDF of {report.pages} pages, {report.passages} passages ({report.outcome})"
    output.table(title, ["process", "peak in MB"], [[name, f"{peak / 1e6:.0f}"] for name, peak in peaks])
    write_json_line(asdict(report))
