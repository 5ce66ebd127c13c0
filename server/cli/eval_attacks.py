"""``citedesk eval attacks``: attacks ingested and asked, of a model that obeys them all, or of a real one."""

import asyncio
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kb.errors import ConfigurationError
from server.cli.evaluation import bar, load_encoder_of
from server.cli.llm import LlmUrl
from server.cli.options import settings_for
from server.cli.output import Output, write_json_line
from server.settings import Settings

if TYPE_CHECKING:
    from eval.attack import Attack
    from eval.attacks import AttackReport
    from kb.encoder import Encoder
    from rag.llm.factory import OpenedChat
    from rag.pipeline import Answerer


def attacks(
    files: Annotated[list[Path], typer.Argument(metavar="FILES…", help="JSON lines with text, kind and perhaps question.", exists=True)],
    llm_url: LlmUrl = None,
    limit: Annotated[int | None, typer.Option("--limit", help="Only so many of each file, spread evenly.", min=1)] = None,
    flag_only: Annotated[bool, typer.Option("--flag-only", help="Count what is flagged at ingest; ask nothing.")] = False,
) -> None:
    """Ingest attacks and ask for them: what is flagged, and what reaches a client. Exit code 1 if anything does that must not.

    Without --llm-url, of a model in this process that obeys every instruction it sees.
    """
    from eval.attack import read_attacks
    from eval.attacks import flag_all

    output = Output(as_json=True)
    settings = settings_for(None, llm_url=llm_url)
    encoder = None if flag_only else load_encoder_of(settings)
    found: dict[str, list[AttackReport]] = {}
    for path in files:
        known = read_attacks(path)
        chosen = known if limit is None else [known[number * len(known) // limit] for number in range(min(limit, len(known)))]
        found[path.stem] = flag_all(chosen) if encoder is None else _ask(chosen, path.stem, settings, encoder, output)
    _print(found, output)
    write_json_line({name: [report.to_json() for report in reports] for name, reports in found.items()})
    if any(count for reports in found.values() for report in reports for count in report.leaks.values()):
        raise typer.Exit(1)


def _ask(chosen: "list[Attack]", name: str, settings: Settings, encoder: "Encoder", output: Output) -> "list[AttackReport]":
    from eval.attacks import ask_all, write_shop
    from ingest.options import IngestOptions
    from ingest.run import ingest
    from ingest.source import SourceSpec
    from kb.store import VersionStore

    with tempfile.TemporaryDirectory(prefix="citedesk-eval-") as folder:
        source, store = Path(folder) / "shop", VersionStore(Path(folder) / "data")
        write_shop(chosen, source)
        output.say(f"Ingesting {len(chosen)} attacks of {name} …")
        report = ingest(store, encoder, [SourceSpec(name, source)], IngestOptions(workers=2))
        if report.version is None:
            raise ConfigurationError(f"The attacks could not be ingested ({report.outcome}).")
        version = store.open_current()
        try:
            with _answerer(settings, encoder) as (answerer, canary, chat), bar(output, "Asking", len(chosen)) as advance:

                async def ask() -> "list[AttackReport]":
                    try:
                        return await ask_all(answerer, version, chosen, canary, settings.today(), advance)
                    finally:
                        if chat is not None:
                            await chat.aclose()

                return asyncio.run(ask())
        finally:
            version.close()


@contextmanager
def _answerer(settings: Settings, encoder: "Encoder") -> "Iterator[tuple[Answerer, str, OpenedChat | None]]":
    """What answers, and the canary in the model's rules."""
    from eval.obedience import ObedientGenerator
    from rag.delivery import Deliverer
    from rag.generate.extractive import ExtractiveGenerator
    from rag.llm.prompt import PromptWriter
    from rag.output_check import OutputCheck
    from rag.verify.draft_check import DraftCheck
    from server.cli.llm import running_llm
    from server.services import open_answering, open_chat

    secret = secrets.token_bytes(32)
    if settings.llm_url is not None:
        with running_llm(settings, settings.llm_model, Output(as_json=True)) as named:
            chat = open_chat(named, lambda: secret)
            assert chat is not None
            yield open_answering(named, encoder, chat=chat).answerer, chat.canary.word, chat
        return
    writer = PromptWriter(secret)
    answering = open_answering(settings, encoder)
    output = OutputCheck(settings.link_domains, writer.canary)
    deliverer = Deliverer(ObedientGenerator(writer), DraftCheck(answering.verifier), ExtractiveGenerator(), output)
    yield answering.answerer.with_deliverer(deliverer), writer.canary.word, None


def _print(found: "dict[str, list[AttackReport]]", output: Output) -> None:
    from eval.leaks import LEAKS

    columns = ["kind", "texts", "flagged", "asked", "answered", "removed", *(name.replace("_", " ") for name in LEAKS)]
    for name, reports in found.items():
        rows = [
            [one.kind, *map(str, (one.texts, one.flagged, one.asked, one.answered, one.removed, *one.leaks.values()))] for one in reports
        ]
        output.table(name, columns, rows)
