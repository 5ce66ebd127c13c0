"""Asks the questions of retrieval sets through the product's own ingest and answering: does the answer hold the expected one?

``citedesk eval answers FOLDER…`` prints it beside what one gets without a reader: the first sentence found, and the
sentences that are nearest by cosine and shared words.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.beir import BeirQuery, read_beir
from eval.golden import plain
from eval.metrics import mean
from eval.retrieval import ingested, query_of
from kb.encoder import Encoder
from kb.errors import ConfigurationError
from kb.search import Hit, HybridSearch
from kb.text.tokens import tokenize
from kb.version import Version
from rag.appraisal import RETRIEVED
from rag.evidence import EvidenceScorer
from rag.generate.extractive import choose_units
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
    folder: Path, encoder: Encoder, reader: Reader, limit: int | None = 400, tell: Callable[[int, int], None] = lambda done, total: None
) -> AnswerReport:
    """Ingest the set in ``folder`` and ask its first ``limit`` answerable questions; ``tell`` hears how many of how many are done.

    Raises:
        ConfigurationError: the folder is not in BEIR layout, or has no question with an expected answer.
    """
    documents = read_beir(folder)
    questions = [query for query in documents.answerable() if query.answers][:limit]
    if not questions:
        raise ConfigurationError(f"{folder} tells no expected answers: no question in queries.jsonl has an `answer`.")
    search, scorer = HybridSearch(encoder), EvidenceScorer(Similarity(encoder), reader)
    told = []
    with ingested(documents, encoder) as version:
        for number, query in enumerate(questions, 1):
            told.append(_ask(query, version, search, scorer))
            tell(number, len(questions))

    def share(name: str) -> float:
        return mean([float(getattr(one, name)) for one in told])

    sentences = mean([one.sentences for one in told if not one.declined])
    plain_shares = (share("first"), share("plain_one"), share("plain_three"))
    return AnswerReport(documents.name, len(told), share("one"), share("three"), share("declined"), sentences, *plain_shares)


def _ask(query: BeirQuery, version: Version, search: HybridSearch, scorer: EvidenceScorer) -> _Told:
    asked = query_of(query)
    hits = search.search(version, [query.text], RETRIEVED, asked.scope)[0]
    evidence = scorer.weigh(asked, query.text, hits, version)
    chosen = [scored.unit.text for scored in choose_units(evidence.units)]
    best = [scored.unit.text for scored in evidence.units[:1]]
    found, nearest = _plain_answers(query.text, hits[:PLAIN_PASSAGES], search.encoder)
    parts = (best, chosen, found[:1], nearest[:1], nearest[:3])
    one, three, first, plain_one, plain_three = (holds(part, query.answers) for part in parts)
    return _Told(one, three, evidence.abstain is not None, len(chosen), first, plain_one, plain_three)


def holds(texts: Sequence[str], answers: Sequence[str]) -> bool:
    """Whether one of ``answers`` stands in one of ``texts``; case, width and spaces do not matter."""
    told = [plain(text) for text in texts]
    return any(plain(answer) in text for answer in answers for text in told)


def _plain_answers(question: str, hits: Sequence[Hit], encoder: Encoder) -> tuple[list[str], list[str]]:
    """All sentences as they were found, and from the best to the worst by cosine plus share of the question's words."""
    units = units_of(hits)
    texts = [unit.text for unit in units]
    cosines = encoder.encode_passages(texts) @ encoder.encode_queries([question])[0]
    scores = [float(cosine) + _shared(question, unit) for cosine, unit in zip(cosines, units, strict=True)]
    return texts, [texts[row] for row in np.argsort(-np.array(scores), kind="stable")]


def _shared(question: str, unit: Unit) -> float:
    language = unit.hit.passage.language
    words = set(tokenize(question, language))
    return len(words & set(tokenize(unit.text, language))) / max(1, len(words))
