"""``citedesk verify``: is a text borne out by the knowledge base, or by given passages?"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import orjson
import typer
from rich.text import Text

from kb.scope import SearchScope
from server.cli.opened import answering_services
from server.cli.options import AsOf, AudienceName, Channel, Data, Json, Language, Product, Region, parse_language, parse_scope, settings_for
from server.cli.output import Output
from server.cli.problem import UsageProblemError
from server.region_check import check_region
from server.settings import Settings

if TYPE_CHECKING:
    from rag.verify.given_passage import GivenPassage
    from server.verification import TextToVerify

UNSUPPORTED = 6
"""The exit code when some sentence is contradicted or not found."""
_STYLES = {"supported": "green", "contradicted": "red", "not_found": "yellow"}


def verify(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A text file (UTF-8), or - for standard input.")],
    passages: Annotated[
        Path | None,
        typer.Option(
            "--passages",
            help='JSON lines {"text", "title"?, "id"?} to verify against; [1], [2], … in it mean them. \\[default: the knowledge base]',
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    question: Annotated[
        str | None,
        typer.Option("--question", metavar="TEXT", help="What the text answers: a case that it states need not be said again."),
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
    """Verify a text, sentence by sentence. Exit code 0: all supported; 6: some contradicted or not found."""
    from server.verification import TextToVerify

    output = Output(as_json)
    settings = settings_for(data)
    scope = parse_scope(settings, audience, region, as_of, channel, product)
    language = parse_language(language)
    text = _read(file)
    if passages is not None:
        content = _against(read_passages(passages), TextToVerify.checked(text, language, settings, question), settings)
    else:
        asked = TextToVerify.checked(text, language, settings, question)
        content = _in_knowledge_base(asked, scope, scope.region if region else None, settings)
    _print(output, text, content)
    output.result(content)
    if content["summary"]["supported"] < len(content["sentences"]):
        raise typer.Exit(UNSUPPORTED)


def read_passages(path: Path) -> list["GivenPassage"]:
    """The passages in ``path``: JSON lines with ``text``, perhaps ``title`` and ``id``. Raises UsageProblemError naming the line."""
    lines = enumerate(path.read_bytes().splitlines(), start=1)
    return [_passage(line, f"{path}, line {number}") for number, line in lines if line.strip()]


def _passage(line: bytes, where: str) -> "GivenPassage":
    from rag.verify.given_passage import GivenPassage

    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise UsageProblemError(f"{where} is not JSON ({error}).") from error
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise UsageProblemError(f'{where} needs a "text".')
    named = {name: str(row[name]) for name in ("id", "title") if row.get(name) is not None}
    return GivenPassage(row["text"], **named)


def _read(file: str) -> str:
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise UsageProblemError(f"{file} cannot be read: {error.strerror}. Give a text file, or - for standard input.") from error
    except UnicodeDecodeError as error:
        raise UsageProblemError(f"{file} is not UTF-8 text (byte {error.start}). Convert it first.") from error


def _in_knowledge_base(asked: "TextToVerify", scope: SearchScope, named_region: str | None, settings: Settings) -> dict[str, Any]:
    from rag.verify.text import TextVerifier
    from server.verification import verified_in

    with answering_services(settings) as services, services.live.lease() as version:
        check_region(named_region, scope.audience, services.live)
        return verified_in(version, scope, asked, TextVerifier(services.verifier, services.search), services.signer)


def _against(passages: list["GivenPassage"], asked: "TextToVerify", settings: Settings) -> dict[str, Any]:
    """No data folder is needed, or made."""
    from kb.encoders.load import load_encoder
    from kb.search import HybridSearch
    from rag.readers.load import load_claim_reader
    from rag.verify.text import TextVerifier
    from server.services import open_verifier
    from server.verification import verified_against

    encoder = load_encoder(settings.encoder, settings.cache, settings.encoder_precision)
    reader = load_claim_reader(settings.reader, settings.cache, entailment=settings.entailment)
    return verified_against(passages, asked, TextVerifier(open_verifier(settings, encoder, reader), HybridSearch(encoder)))


def _print(output: Output, text: str, content: dict[str, Any]) -> None:
    for sentence in content["sentences"]:
        verdict = sentence["verdict"]
        output.console.print(Text.assemble((f"{verdict.replace('_', ' ')}: ", f"bold {_STYLES[verdict]}"), _marked(text, sentence)))
        for line, style in _details(sentence):
            output.say(line, style)
    counts = ", ".join(f"{count} {verdict.replace('_', ' ')}" for verdict, count in content["summary"].items())
    where = f"version {content['kb_version']}" if content["kb_version"] else "the given passages"
    output.say(f"{counts} (against {where})", "bold")


def _marked(text: str, sentence: dict[str, Any]) -> Text:
    """The sentence as it stands in ``text``, what is wrong in it underlined."""
    start, end = sentence["start"], sentence["end"]
    shown = Text(text[start:end])
    for problem in sentence["problems"]:
        if problem["kind"] != "wording" and problem["end"] <= end:
            shown.stylize("bold underline red", problem["start"] - start, problem["end"] - start)
    return shown


def _details(sentence: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for problem in sentence["problems"]:
        yield f"    {problem['message']}", _STYLES[sentence["verdict"]]
    for source in sentence["citations"]:
        yield f"    “{' '.join(source['quote'].split())}”", "italic"
        yield f"    {_where(source)}", "dim"


def _where(source: dict[str, Any]) -> str:
    if source["document"] is None:
        return " ".join(filter(None, (f"[{source['number']}]", source["title"] or source["passage_id"])))
    page = f", page {source['page']}" if source["page"] is not None else ""
    return f"[{source['number']}] {source['title']}  {source['source']}/{source['document']}{page}"
