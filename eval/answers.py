"""Asks the questions of retrieval sets through the product's own ingest and answering: does the answer hold the expected one?

``citedesk eval answers FOLDER…`` prints it beside what one gets without a reader: the first sentence found, and the
sentences that are nearest by cosine and shared words.
"""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.beir import BeirQuery, read_beir
from eval.metrics import mean
from eval.retrieval import AS_OF, ingested
from kb.encoder import Encoder
from kb.search import Hit, HybridSearch
from kb.text.tokens import tokenize
from kb.version import Version
from rag.evidence import EvidenceScorer
from rag.generate.extractive import choose_units
from rag.pipeline import RETRIEVED
from rag.query import Query
from rag.reader import Reader
from rag.similarity import Similarity
from rag.unit import Unit, units_of

PLAIN_PASSAGES = 5
"""Passages whose sentences the plain alternatives choose from."""


@dataclass(frozen=True, slots=True)
class AnswerReport:
    """Shares of ``questions`` whose text holds an expected answer.

    ``one`` and ``three``: the product's first sentence and its whole answer, a declined question counting as missed.
    ``first``: the first sentence found; ``plain_one`` and ``plain_three``: the best by cosine plus share of the question's words.
    """

    name: str
    questions: int
    one: float
    three: float
    declined: float
    sentences: float
    first: float
    plain_one: float
    plain_three: float


@dataclass(frozen=True, slots=True)
class _Told:
    one: bool
    three: bool
    declined: bool
    sentences: int
    first: bool
    plain_one: bool
    plain_three: bool


def run(
    folder: Path, encoder: Encoder, reader: Reader, limit: int | None = 400, advance: Callable[[int], None] = lambda _: None
) -> AnswerReport:
    """Ingest the set in ``folder`` and ask its first ``limit`` answerable questions; ``advance`` is told after each one.

    Raises:
        ConfigurationError: the folder is not in BEIR layout, or has no question with an expected answer.
    """
    documents = read_beir(folder)
    questions = [query for query in documents.answerable() if query.answers][:limit]
    search, scorer = HybridSearch(encoder), EvidenceScorer(Similarity(encoder), reader)
    with ingested(documents, encoder) as version:
        told = []
        for query in questions:
            told.append(_ask(query, version, search, scorer))
            advance(1)
    def share(name: str) -> float:
        return mean([float(getattr(one, name)) for one in told])

    sentences = mean([one.sentences for one in told if not one.declined])
    plain = (share("first"), share("plain_one"), share("plain_three"))
    return AnswerReport(documents.name, len(told), share("one"), share("three"), share("declined"), sentences, *plain)


def _ask(query: BeirQuery, version: Version, search: HybridSearch, scorer: EvidenceScorer) -> _Told:
    asked = Query(text=query.text, as_of=AS_OF, product=query.scope)
    hits = search.search(version, [query.text], RETRIEVED, asked.scope)[0]
    evidence = scorer.weigh(asked, query.text, hits, version)
    chosen = [scored.unit.text for scored in choose_units(evidence.units)]
    plain = _plain(query.text, hits[:PLAIN_PASSAGES], search.encoder)
    best = [evidence.units[0].unit.text] if evidence.units else []
    parts = (best, chosen, plain[0], plain[1][:1], plain[1][:3])
    one, three, first, plain_one, plain_three = (holds(part, query.answers) for part in parts)
    return _Told(one, three, evidence.abstain is not None, len(chosen), first, plain_one, plain_three)


def holds(texts: Sequence[str], answers: Sequence[str]) -> bool:
    """Whether one of ``answers`` stands in one of ``texts``; case, width and spaces do not matter."""
    told = [_plain_text(text) for text in texts]
    return any(_plain_text(answer) in text for answer in answers for text in told)


def _plain_text(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _plain(question: str, hits: Sequence[Hit], encoder: Encoder) -> tuple[list[str], list[str]]:
    """The first sentence found, and all sentences from the best to the worst by cosine plus share of the question's words."""
    units = units_of(hits)
    if not units:
        return [], []
    vectors = encoder.encode_passages([unit.text for unit in units])
    cosines = vectors @ encoder.encode_queries([question])[0]
    scores = [float(cosine) + _shared(question, unit) for cosine, unit in zip(cosines, units, strict=True)]
    return [units[0].text], [units[row].text for row in np.argsort(-np.array(scores), kind="stable")]


def _shared(question: str, unit: Unit) -> float:
    language = unit.hit.passage.language
    words = set(tokenize(question, language))
    return len(words & set(tokenize(unit.text, language))) / max(1, len(words))
