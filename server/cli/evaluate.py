"""``citedesk eval``: the measuring programs of `eval`, as commands. Each prints a table, and a last line of JSON."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from kb.errors import ConfigurationError
from server.cli.options import Data, settings_for
from server.cli.output import Output, write_json_line
from server.settings import Settings

if TYPE_CHECKING:
    from eval.golden import GoldenReport
    from eval.question import GoldenQuestion
    from kb.encoder import Encoder
    from server.services import Services

eval_app = typer.Typer(help="Measure retrieval, answers and speed.", no_args_is_help=True)

SAMPLE_SHOP = Path(__file__).parents[2] / "kb" / "sample" / "brightnook"


@eval_app.command()
def golden(
    data: Data = None,
    questions: Annotated[
        Path | None, typer.Option("--questions", help="A folder of *.jsonl. [default: those shipped]", exists=True)
    ] = None,
    show: Annotated[bool, typer.Option("--show", help="List every question with a problem.")] = False,
) -> None:
    """Ask the golden questions; without --data, of the sample shop in a temporary data folder."""
    from eval.golden import run
    from eval.question import GOLDEN_FOLDER, read_golden

    asked = read_golden(questions or GOLDEN_FOLDER)
    output = Output(as_json=True)
    with _shop(data, output) as services, services.live.lease() as version, _bar(output, "Asking", len(asked)) as advance:
        report = run(services.answerer, version, asked, services.settings.today(), advance)
    _print_golden(output, report, show)
    write_json_line(report.to_json())


@eval_app.command()
def planted(
    data: Data = None,
    show: Annotated[bool, typer.Option("--show", help="List every fact that an answer missed.")] = False,
) -> None:
    """Ask for the facts planted in the sample shop, and check values, quotes and pages."""
    from eval.planted import read_planted, run

    facts = read_planted()
    output = Output(as_json=True)
    with _shop(data, output) as services, services.live.lease() as version, _bar(output, "Asking", len(facts)) as advance:
        outcomes = run(services.answerer, version, facts, services.settings.today(), advance)
    counts = {name: sum(getattr(outcome, name) for outcome in outcomes) for name in ("told", "literal", "paged")}
    output.table(f"{len(facts)} planted facts", ["what", "facts"], counts.items())
    for outcome in outcomes:
        if show and not outcome.told:
            output.say(f"{outcome.fact.id} {outcome.fact.question} ({outcome.fact.value})\n    {outcome.answer}")
    write_json_line({"facts": len(facts), **counts, "missed": [outcome.fact.id for outcome in outcomes if not outcome.told]})


@eval_app.command()
def retrieval(
    corpus: Annotated[Path, typer.Argument(help="A folder in BEIR layout.", exists=True, file_okay=False)],
    queries: Annotated[
        Path | None, typer.Option("--queries", help="Take questions and judgements from another folder.", exists=True)
    ] = None,
    limit: Annotated[int, typer.Option("--limit", help="How many answerable questions.", min=1)] = 400,
) -> None:
    """Rank a retrieval set through the product's own ingest and search, beside BM25 alone and dense alone."""
    from eval.retrieval import run

    report = run(corpus, _encoder(settings_for(None)), queries, limit)
    output = Output(as_json=True)
    rows = [[r.method, f"{r.ndcg_10:.3f}", f"{r.hit_1:.3f}", f"{r.hit_10:.3f}"] for r in report.results]
    title = f"{report.queries} over {report.corpus}: {report.questions} questions, {report.documents} documents, {report.passages} passages"
    output.table(title, ["method", "nDCG@10", "hit@1", "hit@10"], rows)
    write_json_line(report.to_json())


@eval_app.command()
def calibrate(data: Data = None) -> None:
    """Fit when a question is off topic, on the tuning halves; prints the constants."""
    from eval.calibrate import collect, fit, questions

    asked = questions()
    output = Output(as_json=True)
    with _shop(data, output) as services, services.live.lease() as version, _bar(output, "Weighing", len(asked)) as advance:
        fitted = fit(collect(services.answerer, version, asked, services.settings.today(), advance))
        encoder = services.encoder.id
    rows = [[half, f"{wrongly:.3f}", f"{rightly:.3f}"] for half, (wrongly, rightly) in fitted.declined.items()]
    output.table(str(fitted.limits), ["half", "answerable declined", "off-topic declined"], rows)
    write_json_line({"encoder": encoder, "limits": asdict(fitted.limits), **fitted.declined})


@eval_app.command()
def speed(
    sizes: Annotated[
        str, typer.Option("--sizes", help="Numbers of passages, separated by commas; 0 is the sample shop's own.")
    ] = "0,10000",
    questions: Annotated[int, typer.Option("--questions", help="How many searches are timed.", min=10)] = 100,
) -> None:
    """Time one search through POST /v1/search and the ingest, against sentence-transformers and a raw FAISS index."""
    from server.cli.speed import measure

    output = Output(as_json=True)
    ratios = measure(settings_for(None), SAMPLE_SHOP, [int(size) for size in sizes.split(",")], questions)
    rows = [[r.name, f"{r.ours * 1000:.2f} ms", f"{r.baseline * 1000:.2f} ms", f"{r.ratio:.2f}"] for r in ratios]
    output.table("Speed", ["what", "Citedesk", "bare libraries", "ratio"], rows)
    write_json_line({"ratios": [ratio.to_json() for ratio in ratios]})


@contextmanager
def _shop(data: Path | None, output: Output) -> "Iterator[Services]":
    """The services over ``data``, or over the sample shop ingested into a temporary folder."""
    from server.cli.opened import answering_services

    if data is not None:
        with answering_services(settings_for(data)) as services:
            yield services
        return
    from ingest.options import IngestOptions
    from ingest.run import ingest
    from ingest.source import SourceSpec
    from kb.store import VersionStore
    from server.services import open_services

    with tempfile.TemporaryDirectory(prefix="citedesk-eval-") as folder:
        settings = settings_for(Path(folder))
        encoder = _encoder(settings)
        output.say("Ingesting the sample shop …")
        report = ingest(VersionStore(settings.data), encoder, [SourceSpec(SAMPLE_SHOP.name, SAMPLE_SHOP)], IngestOptions())
        if report.version is None:
            raise ConfigurationError(f"The sample shop could not be ingested ({report.outcome}).")
        with open_services(settings, encoder) as services:
            yield services


def _encoder(settings: Settings) -> "Encoder":
    from kb.encoders.load import load_encoder

    return load_encoder(settings.encoder, settings.cache, settings.encoder_precision)


@contextmanager
def _bar(output: Output, label: str, total: int) -> Iterator[Callable[[int], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=output.progress) as progress:
        task = progress.add_task(label, total=total)
        yield lambda count: progress.advance(task, count)


def _print_golden(output: Output, report: "GoldenReport", show: bool) -> None:
    columns = ["half", "language", "answerable", "found@5", "complete", "clean", "cited", "declined", "unanswerable", "declined "]
    rows = []
    for row in report.rows:
        rates = [_percent(rate) for rate in (row.found, row.complete, row.clean, row.cited, row.declined_wrongly)]
        rows.append([row.half, row.language, row.answerable, *rates, row.unanswerable, _percent(row.declined_rightly)])
    output.table("Golden questions", columns, rows)
    for outcome in report.outcomes:
        if show and outcome.problem:
            output.say(f"{_head(outcome.question)}: {outcome.problem}\n    {outcome.answer}")


def _head(question: "GoldenQuestion") -> str:
    return f"{question.id} ({question.half}) {question.question}"


def _percent(rate: float | None) -> str:
    return "" if rate is None else f"{rate:.1%}"
