"""``citedesk eval serving``: what the verifier costs, and what Citedesk costs, in front of a language model's server."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.evals.evaluation import bar
from server.cli.evals.sample_shop import shop_of
from server.cli.llm import Llm, LlmUrl, running_llm
from server.cli.options import Data, settings_for
from server.cli.output import Output, write_json_line
from server.cli.problem import UsageProblemError
from server.settings import Settings

if TYPE_CHECKING:
    from eval.serving import ServingParts
    from eval.serving_report import Arm, Delay, ServingReport
    from kb.version import Version
    from server.services import Services

FIRST_TOKEN_SECONDS = 600.0
"""With many questions at once on a small machine the first word takes long; an answer that was given up cannot be measured."""


def serving(
    data: Data = None,
    llm: Llm = None,
    llm_url: LlmUrl = None,
    concurrent: Annotated[str, typer.Option("--concurrent", help="How many questions at once, separated by commas.")] = "1,16",
    rounds: Annotated[int, typer.Option("--rounds", help="How often everything is asked in each way.", min=1)] = 5,
    questions: Annotated[int, typer.Option("--questions", help="How many golden questions are asked.", min=1)] = 16,
    max_tokens: Annotated[
        int | None, typer.Option("--max-tokens", help="The longest answer. \\[default: CITEDESK_LLM_MAX_TOKENS]", min=1)
    ] = None,
) -> None:
    """Time answers of a language model (--llm smollm2 if none is named) with the verifier, without it, and asked directly."""
    from server.llm.small_model import SMALL_MODEL
    from server.services import open_services

    output = Output(as_json=True)
    levels = _levels(concurrent)
    with (
        shop_of(_patient(data, llm_url, max_tokens), data, output) as (settings, encoder),
        running_llm(settings, llm or (SMALL_MODEL if settings.llm_url is None else None), output) as served,
        open_services(served, encoder) as services,
    ):
        reports = asyncio.run(_measure(services, levels, rounds, questions, output))
    output.table(f"{served.llm_model}, {reports[0].questions} questions, {rounds} rounds", ["", *_heads(reports)], _rows(reports))
    write_json_line({str(report.concurrent): report.to_json() for report in reports})


def _levels(concurrent: str) -> list[int]:
    levels = [int(level) if level.strip().isdecimal() else 0 for level in concurrent.split(",")]
    if min(levels) < 1:
        raise UsageProblemError(f"'{concurrent}' does not say how many questions at once. Write it as --concurrent 1,16.")
    return levels


def _patient(data: Data, llm_url: str | None, max_tokens: int | None) -> Settings:
    return settings_for(data, llm_url=llm_url, llm_max_tokens=max_tokens).model_copy(
        update={"llm_first_token_seconds": FIRST_TOKEN_SECONDS}
    )


async def _measure(
    services: "Services", levels: Sequence[int], rounds: int, count: int, output: Output
) -> "list[ServingReport]":
    from eval.question import GOLDEN_FOLDER, read_golden
    from eval.serving import ServingBenchmark
    from eval.serving_report import ARMS

    try:
        with services.live.lease() as version:
            async with ServingBenchmark(_parts(services, version)) as benchmark:
                with bar(output, "Recording what the model is asked", count) as advance:
                    recorded = await benchmark.record(read_golden(GOLDEN_FOLDER), count, advance)
                reports = []
                for level in levels:
                    with bar(output, f"Asking, {level} at once", len(recorded) * len(ARMS) * rounds) as advance:
                        reports.append(await benchmark.measure(recorded, level, rounds, advance))
                return reports
    finally:
        await services.aclose()


def _parts(services: "Services", version: "Version") -> "ServingParts":
    from eval.serving import ServingParts
    from rag.generate.extractive import ExtractiveGenerator

    settings, chat = services.settings, services.chat
    assert chat is not None and settings.llm_url is not None
    return ServingParts(
        pipeline=services.answerer.with_deliverer,
        generator=chat.generator,
        fallback=ExtractiveGenerator() if settings.llm_fallback else None,
        check=services.check,
        http=chat.client.http,
        url=settings.llm_url,
        key=settings.llm_key.get_secret_value() if settings.llm_key is not None else None,
        version=version,
        today=settings.today(),
    )


def _heads(reports: "Sequence[ServingReport]") -> list[str]:
    return [f"{report.concurrent} at once" for report in reports]


def _rows(reports: "Sequence[ServingReport]") -> list[list[str]]:
    figures: list[tuple[str, Callable[[ServingReport], str]]] = [
        ("a verified sentence leaves after", lambda report: _milliseconds(report.sent)),
        ("a sentence is sent or held back after", lambda report: _milliseconds(report.settled)),
        ("a sentence leaves unverified after", lambda report: _milliseconds(report.sent_unchecked)),
        ("tokens/s verified, unverified, direct", lambda report: _rates(report.tokens_per_second)),
        ("answers/s verified, unverified, direct", lambda report: _rates(report.answers_per_second)),
        ("verified over unverified, tokens/s", lambda report: f"{report.verified_over_unverified.tokens:.3f}"),
        ("verified over unverified, answers/s", lambda report: f"{report.verified_over_unverified.answers:.3f}"),
        ("verified over direct, tokens/s", lambda report: f"{report.verified_over_direct.tokens:.3f}"),
        ("verified over direct, answers/s", lambda report: f"{report.verified_over_direct.answers:.3f}"),
        ("time of an answer", lambda report: ", ".join(f"{name} {share:.1%}" for name, share in report.phases.items())),
        ("failed answers, other prompts", lambda report: f"{report.failed}, {report.other_prompts}"),
    ]
    return [[name, *(figure(report) for report in reports)] for name, figure in figures]


def _milliseconds(delay: "Delay") -> str:
    if delay.median_ms is None:
        return "no sentence"
    return f"{delay.median_ms:.1f} ms (p95 {delay.p95_ms:.1f}, {delay.sentences} sentences)"


def _rates(rates: "dict[Arm, float]") -> str:
    return ", ".join(f"{rate:.2f}" for rate in rates.values())
