"""``citedesk ask``: one question, answered with its citations."""

import asyncio
import time
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.style import Style
from rich.text import Text

from kb.scope import SearchScope
from kb.text.printable import printable_line
from server.cli.opened import answering_services
from server.cli.options import AsOf, AudienceName, Channel, Data, Json, Language, Product, Region, parse_language, parse_scope, settings_for
from server.cli.output import Output
from server.region_check import check_region

if TYPE_CHECKING:
    from kb.version import Version
    from rag.answer import Answer
    from rag.query import Query
    from server.services import Services
    from server.settings import Settings


def ask(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="The question, in quotation marks.")],
    data: Data = None,
    region: Region = None,
    as_of: AsOf = None,
    channel: Channel = None,
    product: Product = None,
    language: Language = None,
    audience: AudienceName = "public",
    as_json: Json = False,
) -> None:
    """Answer a question from the knowledge base, with citations."""
    output = Output(as_json)
    settings = settings_for(data)
    scope = parse_scope(settings, audience, region, as_of, channel, product)
    language = parse_language(language)
    with answering_services(settings) as services:
        check_region(scope.region if region else None, scope.audience, services.live)
        query = _query(settings, question, scope, language, named_region=region is not None, named_day=as_of is not None)
        content = _answer(services, query)
    _print_answer(output, content)
    output.result(content)


def _query(
    settings: "Settings", question: str, scope: SearchScope, language: str | None, named_region: bool, named_day: bool
) -> "Query":
    from rag.query import Query
    from server.chat.query import checked_question

    return Query(
        text=checked_question(question, settings),
        as_of=scope.as_of,
        audience=scope.audience,
        language=language,
        region=scope.region if named_region else None,
        channel=scope.channel,
        product=scope.product,
        deadline=time.monotonic() + settings.request_seconds,
        today=settings.today() if named_day else None,
        default_region=settings.default_region,
    )


def _answer(services: "Services", query: "Query") -> dict[str, Any]:
    with services.live.lease() as version:
        answer = asyncio.run(_collect(services, query, version))
    return _content(query, answer, services)


async def _collect(services: "Services", query: "Query", version: "Version") -> "Answer":
    try:
        return await services.answerer.collect(query, version)
    finally:
        await services.aclose()


def _content(query: "Query", answer: "Answer", services: "Services") -> dict[str, Any]:
    from server.chat.response import Reply, usage

    reply = Reply.begin(services.settings.model_id, query.audience, "markers", services.signer)
    shared = {"question": query.text, "answer": answer.text, "sources": reply.sources(answer), "usage": usage(answer.usage)}
    return shared | reply.extension(answer)


def _print_answer(output: Output, content: dict[str, Any]) -> None:
    output.say(content["answer"])
    for source in content["sources"]:
        page = f", page {source['page']}" if source["page"] is not None else ""
        output.say("")
        where = printable_line(f"  {source['source']}/{source['document']}{page}")
        title = Style(bold=True, link=source["original"])  # signed, and too long to be printed: terminals make it a link
        output.console.print(Text.assemble((printable_line(f"[{source['number']}] {source['title']}"), title), where))
        output.say(f"    “{' '.join(source['quote'].split())}”", "italic")
        if source["public_url"] is not None:
            output.say(f"    {source['public_url']}", "blue")
    if content["escalate"]:
        output.say("\nA person should take over this question.", "yellow")
