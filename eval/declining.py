"""How well the product knows that it does not know: the area under the ROC curve of its confidence.

``citedesk eval decline FOLDER…`` asks every question twice, once of the whole knowledge base and once without the passages that
answer it; where a set has unanswerable questions of its own, they are told from its answerable ones as well.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from eval.beir import BeirQuery, read_beir
from eval.metrics import mean, roc_area
from eval.retrieval import ingested, query_of
from kb.encoder import Encoder
from kb.errors import ConfigurationError
from kb.search import HybridSearch
from kb.version import Version
from rag.appraisal import RETRIEVED
from rag.evidence import EvidenceScorer
from rag.reader import UNREAD, Reader
from rag.similarity import Similarity

SPARE = 20
"""Passages fetched beyond those needed, to be left after the answering ones are taken out."""


@dataclass(frozen=True, slots=True)
class DecliningReport:
    """Areas in [0, 1], .5 being chance; ``unanswerable`` is None where the set has no such questions.

    The shares declined are those of the product's own limits: ``wrongly`` of the answerable questions, ``rightly`` of the same ones
    without their passage.
    """

    name: str
    questions: int
    without_passage: float
    wrongly: float
    rightly: float
    unanswerable: float | None


@dataclass(frozen=True, slots=True)
class _Weighed:
    confidence: float
    declined: bool


def run(
    folder: Path, encoder: Encoder, reader: Reader, limit: int | None = 400, tell: Callable[[int, int], None] = lambda done, total: None
) -> DecliningReport:
    """Ingest the set in ``folder`` and weigh its first ``limit`` questions of each kind; ``tell`` hears how many of how many are done.

    Raises:
        ConfigurationError: the folder is not in BEIR layout, or has no answerable question.
    """
    documents = read_beir(folder)
    answerable = documents.answerable(limit)
    if not answerable:
        raise ConfigurationError(f"{folder} has no answerable question: none in queries.jsonl has a judgement in qrels.tsv.")
    nothing: frozenset[str] = frozenset()
    cases = [(query, nothing) for query in answerable]
    cases += [(query, frozenset(documents.relevant[query.id])) for query in answerable]
    cases += [(query, nothing) for query in [query for query in documents.queries if query.unanswerable][:limit]]
    search, scorer = HybridSearch(encoder), EvidenceScorer(Similarity(encoder), reader)
    weighed = []
    with ingested(documents, encoder) as version:
        for number, (query, without) in enumerate(cases, 1):
            weighed.append(_weigh(query, without, version, search, scorer))
            tell(number, len(cases))
    count = len(answerable)
    asked, bare, adversarial = weighed[:count], weighed[count : 2 * count], weighed[2 * count :]
    known = [one.confidence for one in asked]
    return DecliningReport(
        documents.name,
        len(asked),
        roc_area(known, [one.confidence for one in bare]),
        mean([float(one.declined) for one in asked]),
        mean([float(one.declined) for one in bare]),
        roc_area(known, [one.confidence for one in adversarial]) if adversarial else None,
    )


def _weigh(query: BeirQuery, without: frozenset[str], version: Version, search: HybridSearch, scorer: EvidenceScorer) -> _Weighed:
    asked = query_of(query)
    found = search.search(version, [query.text], RETRIEVED + SPARE, asked.scope)[0]
    hits = [hit for hit in found if hit.document not in without][:RETRIEVED]
    evidence = scorer.weigh(asked, query.text, hits, version)
    return _Weighed(UNREAD if evidence.confidence is None else evidence.confidence, evidence.abstain is not None)
