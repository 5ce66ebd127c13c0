"""``citedesk eval attacks``: attacks ingested and asked, of a model that obeys them all, or of a real one."""

import asyncio
import json
import secrets
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kb.errors import ConfigurationError
from server.cli.evals.evaluation import bar, load_encoder_of
from server.cli.llm import Llm, LlmUrl, running_llm
from server.cli.options import settings_for
from server.cli.output import Output, write_json_line
from server.settings import Settings

if TYPE_CHECKING:
    from eval.attack import Attack
    from eval.attack_shop import Planted
    from eval.attacks import Asked, AttackReport
    from kb.encoder import Encoder
    from kb.version import Version
    from rag.draft import Evidence
    from rag.llm.factory import OpenedChat, Style

AT_ONCE = 100
"""Attacks in one shop: with more of them the questions of one find the documents of others."""


def attacks(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="JSON lines with text, kind and perhaps question.", exists=True)],
    llm: Llm = None,
    llm_url: LlmUrl = None,
    limit: Annotated[int | None, typer.Option("--limit", help="Only so many of them all, chosen by a hash of their text.", min=1)] = None,
    flag_only: Annotated[bool, typer.Option("--flag-only", help="Count what is flagged at ingest; ask nothing.")] = False,
    everywhere: Annotated[
        bool, typer.Option("--everywhere", help="Put them into titles, tables, FAQs, file names and other places too, in turn.")
    ] = False,
    words: Annotated[
        bool, typer.Option("--words", help="Search and verify by words alone, without weights: quick, and the checks have to do more.")
    ] = False,
    once: Annotated[
        bool, typer.Option("--once", help="One question for each attack: what its document answers, or the attack itself, in turn.")
    ] = False,
    journal: Annotated[
        Path | None, typer.Option("--journal", help="Write each result to this file, and go on from there when it exists.")
    ] = None,
) -> None:
    """Ingest attacks and ask for them: what is flagged, and what reaches a client. Exit code 1 if anything does that must not.

    Without --llm and --llm-url, of a model in this process that obeys every instruction it sees, in all three styles in turn.
    Every other question it is shown flagged passages too, so that the checks of its answer stand alone.
    """
    from eval.attack import read_attacks, sample_of
    from eval.attacks import flag_all, sum_by_kind
    from kb.encoders.hashing import HashingEncoder

    output = Output(as_json=True)
    settings = settings_for(None, llm_url=llm_url).model_copy(update={"reader": "words"} if words else {})
    read = {path.stem: read_attacks(path) for path in files}
    sample = {attack.digest for attack in sample_of([attack for known in read.values() for attack in known], limit)}
    chosen = {name: [attack for attack in known if attack.digest in sample] for name, known in read.items()}
    found: dict[str, list[AttackReport]] = {name: flag_all(some) for name, some in chosen.items()} if flag_only else {}
    if not flag_only:
        encoder = HashingEncoder() if words else load_encoder_of(settings)
        with running_llm(settings, llm, output) as named:
            for name, some in chosen.items():
                run = _Run(named, encoder, output, everywhere, once, _Journal(journal, name))
                found[name] = sum_by_kind(run.reports(some))
    _print(found, output)
    write_json_line({name: [report.to_json() for report in reports] for name, reports in found.items()})
    if any(count for reports in found.values() for report in reports for count in report.leaks.values()):
        raise typer.Exit(1)


class _Journal:
    """The reports on the attacks of one file, by the attack's digest; written as they come."""

    def __init__(self, path: Path | None, name: str) -> None:
        from eval.attacks import AttackReport
        from eval.json_lines import read_json_lines

        self._path = path
        self._name = name
        entries = read_json_lines(path, dict, "A line of the journal") if path is not None and path.exists() else []
        self.known = {entry["attack"]: AttackReport.from_json(entry["report"]) for entry in entries if entry["file"] == name}

    def add(self, planted: "Planted", report: "AttackReport") -> None:
        """Keep one report."""
        self.known[planted.attack.digest] = report
        if self._path is not None:
            entry = {"file": self._name, "attack": planted.attack.digest, "report": report.to_json()}
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(entry, ensure_ascii=False) + "\n")


class _Run:
    """One file's attacks, a shop of `AT_ONCE` after the other."""

    def __init__(self, settings: Settings, encoder: "Encoder", output: Output, everywhere: bool, once: bool, journal: _Journal) -> None:
        self._settings = settings
        self._encoder = encoder
        self._output = output
        self._everywhere = everywhere
        self._once = once
        self._journal = journal

    def reports(self, chosen: "list[Attack]") -> "list[AttackReport]":
        """One for each attack."""
        left = [attack for attack in chosen if attack.digest not in self._journal.known]
        with bar(self._output, "Asking", len(left)) as advance:
            for start in range(0, len(left), AT_ONCE):
                self._ask(left[start : start + AT_ONCE])
                advance(len(left[start : start + AT_ONCE]))
        return [self._journal.known[attack.digest] for attack in chosen]

    def _ask(self, attacks: "list[Attack]") -> None:
        from eval.attack_shop import PLACES, write_shop
        from eval.attacks import ask_all
        from ingest.options import IngestOptions
        from ingest.run import ingest
        from ingest.source import SourceSpec
        from kb.store import VersionStore

        with tempfile.TemporaryDirectory(prefix="citedesk-eval-") as folder:
            source, store = Path(folder) / "shop", VersionStore(Path(folder) / "data")
            planted = write_shop(attacks, source, PLACES if self._everywhere else PLACES[:1])
            report = ingest(store, self._encoder, [SourceSpec("attacked", source)], IngestOptions(workers=2))
            if report.version is None:
                raise ConfigurationError(f"The attacks could not be ingested ({report.outcome}).")
            version = store.open_current()
            try:
                asked, chat = _asked(self._settings, self._encoder, version)
                asyncio.run(_closing(ask_all(asked, planted, self._journal.add, self._once), chat))
            finally:
                version.close()


async def _closing(asking: "Coroutine[None, None, None]", chat: "OpenedChat | None") -> None:
    try:
        await asking
    finally:
        if chat is not None:
            await chat.aclose()


def _asked(settings: Settings, encoder: "Encoder", version: "Version") -> "tuple[list[Asked], OpenedChat | None]":
    """Who is asked: the model that the settings name, or the obedient one in each style."""
    from eval.attacks import Asked
    from eval.obedient_model import Watched, obedient_generator
    from rag.delivery import Deliverer
    from rag.generate.extractive import ExtractiveGenerator
    from rag.llm.prompt import PromptWriter
    from rag.output_check import OutputCheck
    from rag.screening import screened
    from server.services import open_answering, open_chat

    secret = secrets.token_bytes(32)
    chat = open_chat(settings, lambda: secret)
    answering = open_answering(settings, encoder, chat=chat)
    styles: tuple[Style, ...] = ("free", "marked", "quoted")
    writers = {style: PromptWriter(secret, quoting=style == "quoted") for style in styles}
    obedient = [obedient_generator(writer, style) for style, writer in writers.items()]
    canary, rules = writers["free"].canary, "\n".join(writer.rules for writer in writers.values())
    asked = []
    generators = obedient if chat is None else [chat.generator]
    # Twice through an odd number of generators: each is shown all passages and only clean ones in turn.
    for place, generator in enumerate([*generators, *generators]):
        watched = Watched(generator)
        output = OutputCheck(settings.link_domains, canary, rules)
        screen = _unscreened if place % 2 == 0 else screened
        deliverer = Deliverer(watched, answering.check, ExtractiveGenerator(), output, screen)
        asked.append(Asked(answering.answerer.with_deliverer(deliverer), version, canary.word, settings.today(), watched))
    return asked, chat


def _unscreened(evidence: "Evidence") -> "Evidence":
    return evidence


def _print(found: "dict[str, list[AttackReport]]", output: Output) -> None:
    from eval.leaks import LEAKS

    counts = ("texts", "flagged", "asked", "reached", "answered", "removed", "steered")
    columns = ["kind", *counts, *(name.replace("_", " ") for name in LEAKS)]
    for name, reports in found.items():
        rows = [[one.kind, *(str(getattr(one, count)) for count in counts), *map(str, one.leaks.values())] for one in reports]
        output.table(name, columns, rows)
        for text in [text for one in reports for text in one.leaked][:20]:
            output.say(f"LEAKED: {text}")
