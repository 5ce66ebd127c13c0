"""The gate that the settings describe, handed to ingest."""

from collections.abc import Sequence
from pathlib import Path

from eval.gate import GoldenGate
from eval.gate_rule import GateRule
from eval.question import GoldenQuestion, read_golden, require_distinct
from kb.encoder import Encoder
from kb.encoders.prepared import Announce
from rag.pipeline import Answerer
from rag.reader import Reader
from rag.readers.load import load_reader
from rag.verify.verifier import ClaimReader
from server.services import open_answering, open_search
from server.settings import Settings


def golden_questions(settings: Settings, folders: Sequence[Path] = ()) -> list[GoldenQuestion]:
    """The shop's own golden questions and those in ``folders``; none where the shop's own folder is not there or empty.

    Raises ConfigurationError when a folder that was named holds none, or a question is malformed or repeats an id.
    """
    own = settings.golden or settings.data / "golden"
    named = [*folders] if settings.golden is None else [own, *folders]
    questions = [question for folder in named for question in read_golden(folder)]
    if settings.golden is None and any(own.glob("*.jsonl")):
        questions = [*read_golden(own), *questions]
    require_distinct(questions)
    return questions


def open_gate(
    settings: Settings,
    encoder: Encoder,
    questions: Sequence[GoldenQuestion],
    reader: Reader | None = None,
    claim_reader: ClaimReader | None = None,
    announce: Announce = lambda _: None,
) -> GoldenGate:
    """The gate for one run, today. ``reader`` and ``claim_reader`` stand in for those that the settings name.

    Only when there is something to test are they loaded; ``announce`` is told when the reader has to be made ready first, which takes long.

    Answers are always picked, never written: what is tested is the knowledge base. A language model says the same thing differently each
    time, and its moods would look like broken documents; it may not run at night at all, and takes seconds a question.
    """

    def open_answerer() -> Answerer:
        reads = load_reader(settings.reader, settings.cache, announce) if reader is None else reader
        return open_answering(settings, encoder, reads, claim_reader).answerer

    return GoldenGate(
        questions=questions,
        open_search=lambda: open_search(settings, encoder),
        open_answerer=open_answerer,
        rule=GateRule(settings.gate_tolerance, settings.gate_floor),
        today=settings.today(),
        region=settings.default_region,
        setup=_setup(settings),
    )


def _setup(settings: Settings) -> str:
    """The settings that shape a picked answer."""
    names = (settings.encoder, settings.encoder_precision, settings.reader, settings.reranker, settings.entailment)
    return "\n".join(str(one) for one in (*names, settings.default_region, settings.max_question_chars))
