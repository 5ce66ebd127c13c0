"""``citedesk eval conversations``: follow-up questions, rewritten by the rules and, where there is one, by a language model beside them."""

import asyncio
import secrets
from dataclasses import astuple
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli.evals.evaluation import bar, cell
from server.cli.evals.sample_shop import shop_of
from server.cli.llm import Llm, LlmUrl, running_llm
from server.cli.options import Data, settings_for
from server.cli.output import Output, write_json_line
from server.settings import Settings

if TYPE_CHECKING:
    from eval.conversations import ConversationOutcome
    from rag.llm.factory import OpenedChat
    from rag.pipeline import Answerer
    from server.services import Services

RULES = "rules"
MODEL = "rules and model"
COLUMNS = ["rewritten by", "conversations", "half", "language", "count", "found@5", "quoted@5", "told"]


def conversations(
    data: Data = None,
    llm: Llm = None,
    llm_url: LlmUrl = None,
    show: Annotated[bool, typer.Option("--show", help="List every conversation whose document was not found.")] = False,
) -> None:
    """Ask the last turn of conversations, about the sample shop (or --data) and about invented shops.

    With a language model (--llm, --llm-url, CITEDESK_LLM_URL) all is asked twice: rewritten by the rules, and by the model beside
    them, which may take CITEDESK_LLM_FIRST_TOKEN_SECONDS for each. The answers are picked from the passages either way.
    """
    from eval.conversations import tabulate, to_json
    from server.services import open_services

    output = Output(as_json=True)
    with (
        shop_of(settings_for(data, llm_url=llm_url), data, output) as (settings, encoder),
        running_llm(settings, llm, output) as served,
        open_services(served.model_copy(update={"llm_url": None}), encoder) as services,
    ):
        outcomes = asyncio.run(_ask(services, served, output))
    output.table("Conversations", COLUMNS, [[cell(value) for value in astuple(row)] for row in tabulate(outcomes)])
    for outcome in outcomes if show else ():
        if not outcome.found:
            output.say(f"{outcome.conversation.id} ({outcome.way}) {_searched(outcome)}\n    {outcome.answer}")
    write_json_line(to_json(outcomes))


async def _ask(services: "Services", served: Settings, output: Output) -> "list[ConversationOutcome]":
    from eval.conversations import FILES, SAMPLE_SHOP, read_conversations, run, run_in_shops
    from server.services import open_chat

    asked = [conversation for file in FILES for conversation in read_conversations(file)]
    of_sample = [conversation for conversation in asked if conversation.shop == SAMPLE_SHOP]
    today = services.settings.today()
    chat = open_chat(served, lambda: secrets.token_bytes(32))
    answerers = {RULES: services.answerer, **({} if chat is None else {MODEL: _with_model(services.answerer, chat, served)})}
    try:
        with services.live.lease() as version, bar(output, "Asking", len(asked)) as advance:
            outcomes = await run(answerers, version, of_sample, today, advance)
            return outcomes + await run_in_shops(answerers, services.encoder, asked, today, advance)
    finally:
        if chat is not None:
            await chat.aclose()


def _with_model(answerer: "Answerer", chat: "OpenedChat", served: Settings) -> "Answerer":
    """What the model is too slow for in a shop is waited for here: a rewriting that was given up cannot be measured."""
    from eval.conversations import RememberingRewriter
    from rag.llm.rewrite_prompt import RewritePromptWriter
    from rag.llm.rewriter import LlmRewriter
    from server.services import llm_finder

    writer = RewritePromptWriter(llm_finder(served))
    return answerer.with_rewriter(RememberingRewriter(LlmRewriter(chat.model, writer, served.llm_first_token_seconds)))


def _searched(outcome: "ConversationOutcome") -> str:
    rewriting = outcome.rewriting
    return rewriting.by_rules if rewriting.by_model is None else f"{rewriting.by_rules} + {rewriting.by_model}"
