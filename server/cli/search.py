"""``citedesk search``: passages without an answer, for one query or a file of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import orjson
import typer
from rich.progress import track
from rich.text import Text

from kb.scope import SearchScope
from kb.text.printable import printable_line
from server.cli.opened import answering_services
from server.cli.options import AsOf, AudienceName, Channel, Data, Json, Language, Product, Region, parse_language, parse_scope, settings_for
from server.cli.output import Output, write_json_line
from server.cli.problem import UsageProblemError
from server.region_check import check_region

if TYPE_CHECKING:
    from kb.search import Hit
    from server.services import Services

_BATCH = 32


@dataclass(frozen=True, slots=True)
class _Asked:
    """One line of a file of queries."""

    id: str
    text: str


def search(
    query: Annotated[str | None, typer.Argument(metavar="QUERY", help="What to look for.")] = None,
    k: Annotated[int | None, typer.Option("-k", min=1, max=1000, help="How many passages. \\[default: 10]")] = None,
    queries: Annotated[
        Path | None,
        typer.Option("--queries", help='A file of JSON lines {"_id", "text"}; prints one line for each.', exists=True, dir_okay=False),
    ] = None,
    data: Data = None,
    region: Region = None,
    as_of: AsOf = None,
    channel: Channel = None,
    product: Product = None,
    language: Language = None,
    audience: AudienceName = "public",
    as_json: Json = False,
) -> None:
    """Find passages in the knowledge base."""
    if (query is None) == (queries is None):
        raise UsageProblemError("Give either a query or --queries FILE.")
    settings = settings_for(data)
    scope = parse_scope(settings, audience, region, as_of, channel, product)
    parse_language(language)
    asked = [_Asked("", query)] if query is not None else read_queries(queries or Path())
    with answering_services(settings) as services:
        check_region(scope.region if region else None, scope.audience, services.live)
        found = _found(services, asked, k or settings.top_k, scope, quiet=query is not None)
        if query is None:
            for line in found:
                write_json_line(line)
            return
        _print_hits(Output(as_json), query, next(found)["hits"])


def read_queries(path: Path) -> list[_Asked]:
    """The queries in ``path``: JSON lines with ``_id`` and ``text`` (or ``query``). Raises UsageProblemError naming the line."""
    asked = []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        if line.strip():
            asked.append(_parse_line(line, f"{path}, line {number}"))
    return asked


def _parse_line(line: bytes, where: str) -> _Asked:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise UsageProblemError(f"{where} is not JSON ({error}).") from error
    text = (row.get("text") or row.get("query")) if isinstance(row, dict) else None
    if not isinstance(text, str) or "_id" not in row:
        raise UsageProblemError(f'{where} needs an "_id" and a "text".')
    return _Asked(str(row["_id"]), text)


def _found(services: "Services", asked: Sequence[_Asked], k: int, scope: SearchScope, quiet: bool) -> Iterator[dict[str, Any]]:
    """One result per query, in order, searched in batches from one version."""
    console = Output(as_json=True).progress
    starts = track(range(0, len(asked), _BATCH), "Searching", console=console, disable=quiet or not console.is_terminal)
    with services.live.lease() as version:
        for start in starts:
            batch = asked[start : start + _BATCH]
            hits = services.search.search(version, [one.text for one in batch], k, scope)
            for one, its_hits in zip(batch, hits, strict=True):
                yield {"_id": one.id, "hits": [_hit_fields(hit) for hit in its_hits]}


def _hit_fields(hit: "Hit") -> dict[str, Any]:
    passage = hit.passage
    return {
        "document": hit.document,
        "title": passage.title,
        "source": hit.source,
        "page": passage.page,
        "text": passage.text,
        "score": hit.score,
        "passage_id": passage.id,
    }


def _print_hits(output: Output, query: str, hits: list[dict[str, Any]]) -> None:
    for number, hit in enumerate(hits, start=1):
        page = f", page {hit['page']}" if hit["page"] is not None else ""
        where = printable_line(f"{hit['source']}/{hit['document']}{page}")
        shown = (f"  {where}  ({hit['score']:.3f})", "dim")
        output.console.print(Text.assemble((printable_line(f"{number}. {hit['title']}"), "bold"), shown))
        output.say("   " + " ".join(hit["text"].split())[:400])
    if not hits:
        output.say("Nothing found.")
    output.result({"query": query, "hits": hits})
