"""``citedesk eval written``: golden questions answered by the language model, with a transcript for people to judge."""

import asyncio
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import orjson
import typer

from kb.errors import ConfigurationError
from kb.files import write_atomic
from server.cli.evals.evaluation import bar, cell
from server.cli.opened import answering_services
from server.cli.options import Data, settings_for
from server.cli.output import Output, write_json_line

if TYPE_CHECKING:
    from eval.question import GoldenQuestion
    from eval.written import WrittenAnswer
    from server.services import Services


def written(
    data: Data = None,
    limit: Annotated[int | None, typer.Option("--limit", help="Only so many questions, spread evenly over all.", min=1)] = None,
    transcript: Annotated[Path | None, typer.Option("--transcript", help="Write every sentence there, a JSON object an answer.")] = None,
) -> None:
    """Ask the golden questions of the language model that CITEDESK_LLM_URL names: what it wrote, and what was let through."""
    from eval.question import GOLDEN_FOLDER, read_golden
    from eval.written import summarise

    output = Output(as_json=True)
    settings = settings_for(data)
    if settings.llm_url is None or settings.llm_model is None:
        raise ConfigurationError("No language model is set. Set CITEDESK_LLM_URL and CITEDESK_LLM_MODEL, then try again.")
    known = read_golden(GOLDEN_FOLDER)
    questions = known if limit is None else [known[number * len(known) // limit] for number in range(min(limit, len(known)))]
    with answering_services(settings) as services, bar(output, "Asking", len(questions)) as advance:
        answers = asyncio.run(_ask(services, questions, advance))
    if transcript is not None:
        write_atomic(transcript, b"".join(orjson.dumps(answer.to_json()) + b"\n" for answer in answers))
    report = asdict(summarise(answers))
    output.table(f"{settings.llm_model}, {len(answers)} golden questions", list(report), [[cell(value) for value in report.values()]])
    write_json_line(report)


async def _ask(services: "Services", questions: "list[GoldenQuestion]", advance: Callable[[int], None]) -> "list[WrittenAnswer]":
    from eval.written import ask_all

    try:
        with services.live.lease() as version:
            return await ask_all(services.answerer, version, questions, services.settings.today(), advance)
    finally:
        await services.aclose()
