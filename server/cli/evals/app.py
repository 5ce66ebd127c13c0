"""``citedesk eval``: the measuring programs of `eval`, as commands. Each prints a table, and a last line of JSON."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, astuple
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.evals.attacks import attacks
from server.cli.evals.conflicts import conflicts
from server.cli.evals.conversations import conversations
from server.cli.evals.evaluation import bar, cell, load_encoder_of
from server.cli.evals.fit import calibrate, fit_encoder, fit_reader, fit_verifier, fit_wording
from server.cli.evals.freeze import freeze
from server.cli.evals.golden_table import print_golden
from server.cli.evals.languages import languages
from server.cli.evals.load import load
from server.cli.evals.measure import answers, decline
from server.cli.evals.memory import memory
from server.cli.evals.nights import nights
from server.cli.evals.oblique import oblique
from server.cli.evals.person_needs import person_needs
from server.cli.evals.personal_data import personal_data
from server.cli.evals.reasons import reasons
from server.cli.evals.sample_shop import SAMPLE_SHOP, ingested_sample_shop
from server.cli.evals.serving import serving
from server.cli.evals.validity import validity
from server.cli.evals.verify import verify
from server.cli.evals.written import written
from server.cli.options import Data, settings_for
from server.cli.output import Output, write_json_line

if TYPE_CHECKING:
    from server.services import Services

eval_app = typer.Typer(help="Measure retrieval, answers and speed.", no_args_is_help=True)

eval_app.command("fit-encoder")(fit_encoder)
eval_app.command("fit-reader")(fit_reader)
eval_app.command("fit-verifier")(fit_verifier)
eval_app.command("fit-wording")(fit_wording)
eval_app.command()(calibrate)
eval_app.command()(answers)
eval_app.command()(decline)
eval_app.command()(verify)
eval_app.command()(validity)
eval_app.command()(conversations)
eval_app.command()(written)
eval_app.command()(serving)
eval_app.command()(conflicts)
eval_app.command()(attacks)
eval_app.command()(nights)
eval_app.command()(oblique)
eval_app.command()(memory)
eval_app.command()(load)
eval_app.command()(freeze)
eval_app.command()(languages)
eval_app.command()(reasons)
eval_app.command("person-needs")(person_needs)
eval_app.command("personal-data")(personal_data)

PLANTED_COUNTS = ("told", "literal", "paged")


@eval_app.command()
def golden(
    data: Data = None,
    questions: Annotated[
        Path | None, typer.Option("--questions", help="A folder of *.jsonl. \\[default: those shipped]", exists=True)
    ] = None,
    show: Annotated[bool, typer.Option("--show", help="List every question with a problem.")] = False,
) -> None:
    """Ask the golden questions; without --data, of the sample shop in a temporary data folder."""
    from eval.golden import run
    from eval.question import GOLDEN_FOLDER, read_golden

    asked = read_golden(questions or GOLDEN_FOLDER)
    output = Output(as_json=True)
    with _shop(data, output) as services, services.live.lease() as version, bar(output, "Asking", len(asked)) as advance:
        report = run(services.answerer, version, asked, services.settings.today(), advance)
    print_golden(output, report, "Golden questions", show)
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
    with _shop(data, output) as services, services.live.lease() as version, bar(output, "Asking", len(facts)) as advance:
        outcomes = run(services.answerer, version, facts, services.settings.today(), advance)
    halves = {half: [outcome for outcome in outcomes if outcome.fact.half == half] for half in ("tune", "test")}
    rows = [(half, len(ours), *(sum(getattr(o, name) for o in ours) for name in PLANTED_COUNTS)) for half, ours in halves.items()]
    output.table(f"{len(facts)} planted facts", ["half", "facts", *PLANTED_COUNTS], [[str(cell) for cell in row] for row in rows])
    for outcome in outcomes:
        if show and not outcome.told:
            output.say(f"{outcome.fact.id} {outcome.fact.question} ({outcome.fact.value})\n    {outcome.answer}")
    counts = {half: dict(zip(("facts", *PLANTED_COUNTS), cells, strict=True)) for half, *cells in rows}
    write_json_line({**counts, "missed": [outcome.fact.id for outcome in outcomes if not outcome.told]})


@eval_app.command()
def retrieval(
    corpus: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder in BEIR layout.", exists=True, file_okay=False)],
    queries: Annotated[
        Path | None, typer.Option("--queries", help="Take questions and judgements from another folder.", exists=True)
    ] = None,
    limit: Annotated[int, typer.Option("--limit", help="How many answerable questions.", min=1)] = 400,
) -> None:
    """Rank a retrieval set through the product's own ingest and search, beside BM25 alone and dense alone."""
    from eval.retrieval import run

    report = run(corpus, load_encoder_of(settings_for(None)), queries, limit)
    output = Output(as_json=True)
    rows = [[r.method, f"{r.ndcg_10:.3f}", f"{r.hit_1:.3f}", f"{r.hit_10:.3f}"] for r in report.results]
    title = f"{report.queries} over {report.corpus}: {report.questions} questions, {report.documents} documents, {report.passages} passages"
    output.table(title, ["method", "nDCG@10", "hit@1", "hit@10"], rows)
    write_json_line(report.to_json())


@eval_app.command()
def shops(
    count: Annotated[int | None, typer.Option("--shops", help="Only the first so many shops of each half.", min=1)] = None,
    show: Annotated[bool, typer.Option("--show", help="List every question with a problem.")] = False,
) -> None:
    """Ask the invented shops' questions: each shop is ingested into a temporary data folder of its own."""
    from eval.shop import read_shops
    from eval.shop_answers import run, tabulate
    from server.services import open_services

    known = read_shops()
    chosen = [shop for half in ("tune", "test") for shop in [shop for shop in known if shop.half == half][:count]]
    output = Output(as_json=True)
    with (
        tempfile.TemporaryDirectory(prefix="citedesk-eval-") as folder,
        open_services(settings_for(Path(folder))) as services,
        bar(output, "Asking shops", len(chosen)) as advance,
    ):
        outcomes = run(chosen, services.encoder, services.answerer, advance)
    rows = tabulate(outcomes)
    columns = ["half", "language", "answerable", "unanswerable", "found@5", "told", "declined wrongly", "rightly", "sentences"]
    output.table(f"{len(chosen)} invented shops", columns, [[cell(value) for value in astuple(row)] for row in rows])
    for outcome in outcomes if show else ():
        if outcome.told != bool(outcome.question.passages) and not (outcome.declined and not outcome.question.passages):
            output.say(f"{outcome.shop.name} {outcome.question.question} ({outcome.question.answer})\n    {outcome.answer}")
    write_json_line({f"{row.half}/{row.language}": asdict(row) for row in rows})


@eval_app.command()
def speed(
    sizes: Annotated[
        str, typer.Option("--sizes", help="Numbers of passages, separated by commas; 0 is the sample shop's own.")
    ] = "0,10000",
    questions: Annotated[int, typer.Option("--questions", help="How many searches are timed.", min=10)] = 100,
) -> None:
    """Time one search through POST /v1/search and the ingest, against sentence-transformers and a raw FAISS index."""
    from server.cli.evals.speed import measure

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
    from server.services import open_services

    with ingested_sample_shop(output) as (settings, encoder), open_services(settings, encoder) as services:
        yield services
