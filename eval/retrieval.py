"""Measures retrieval on a BEIR folder through the product's own ingest and search, in a temporary data folder.

``citedesk eval retrieval FOLDER [--queries FOLDER] [--limit N]``
"""

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from eval.beir import BeirQuery, BeirSet, read_beir
from eval.ingested import ingested_source
from eval.metrics import hit, mean, ndcg
from kb.encoder import Encoder
from kb.search import HybridSearch
from kb.version import Version
from rag.query import Query

PASSAGES = 60
"""Passages fetched for one ranking of ten documents: a document may have several."""
DOCUMENTS = 10
AS_OF = date(2000, 1, 1)

Ranker = Callable[[BeirQuery], list[str]]


@dataclass(frozen=True, slots=True)
class RetrievalResult:
    """Mean metrics of one method over the questions."""

    method: str
    ndcg_10: float
    hit_1: float
    hit_10: float


@dataclass(frozen=True, slots=True)
class RetrievalReport:
    """The results of all methods on one set."""

    corpus: str
    queries: str
    documents: int
    passages: int
    questions: int
    results: tuple[RetrievalResult, ...]

    def to_json(self) -> dict[str, object]:
        """A flat object: one entry a method."""
        methods = {
            result.method: {"ndcg@10": round(result.ndcg_10, 4), "hit@1": round(result.hit_1, 4), "hit@10": round(result.hit_10, 4)}
            for result in self.results
        }
        head = {"corpus": self.corpus, "queries": self.queries, "documents": self.documents}
        return {**head, "passages": self.passages, "questions": self.questions, **methods}


def run(corpus: Path, encoder: Encoder, queries: Path | None = None, limit: int | None = 400) -> RetrievalReport:
    """Ingest ``corpus`` and rank for the first ``limit`` answerable questions, of another folder when ``queries`` is given.

    Raises:
        ConfigurationError: a folder is not in BEIR layout, or its documents could not be ingested.
    """
    documents = read_beir(corpus)
    asked = read_beir(queries) if queries is not None else documents
    questions = asked.answerable(limit)
    with ingested(documents, encoder) as version:
        rankers = _rankers(version, encoder)
        results = tuple(_measure(name, ranker, questions, asked.relevant) for name, ranker in rankers.items())
        return RetrievalReport(documents.name, asked.name, len(documents.documents), len(version.vectors), len(questions), results)


@contextmanager
def ingested(documents: BeirSet, encoder: Encoder) -> Iterator[Version]:
    """A version made of ``documents`` in a temporary data folder; a question's ``scope`` becomes the product.

    Raises:
        ConfigurationError: a document could not be ingested.
    """
    with tempfile.TemporaryDirectory(prefix="citedesk-eval-") as folder:
        corpus = Path(folder) / "corpus.jsonl"
        scoped = any(query.scope for query in documents.queries)
        with corpus.open("w", encoding="utf-8") as out:
            for document in documents.documents:
                products = {"products": [document["title"]]} if scoped else {}
                out.write(json.dumps({**document, **products}, ensure_ascii=False) + "\n")
        with ingested_source(documents.name, corpus, encoder) as version:
            yield version


def _rankers(version: Version, encoder: Encoder) -> dict[str, Ranker]:
    search = HybridSearch(encoder)

    def hybrid(query: BeirQuery) -> list[str]:
        return [found.document for found in search.search(version, [query.text], PASSAGES, query_of(query).scope)[0]]

    def dense(query: BeirQuery) -> list[str]:
        vectors = encoder.encode_queries([query.text])
        found = version.vector_index("public").search(vectors, PASSAGES, query_of(query).scope)[0]
        return _documents(version, [scored.ordinal for scored in found])

    def lexical(query: BeirQuery) -> list[str]:
        index = version.lexical_index("public")
        scores = np.where(version.admission.mask(query_of(query).scope)[index.ordinals], index.score(query.text).scores, -1.0)
        best = np.argsort(-scores, kind="stable")[:PASSAGES]
        return _documents(version, [int(index.ordinals[row]) for row in best if scores[row] > 0])

    return {"bm25": lexical, "dense": dense, "hybrid": hybrid}


def query_of(query: BeirQuery) -> Query:
    """The query as a face would build it; the set's scope is the product (see `ingested`)."""
    return Query(text=query.text, as_of=AS_OF, product=query.scope)


def _documents(version: Version, ordinals: Sequence[int]) -> list[str]:
    return [version.document_name(passage.document_id).path for passage in version.passages(ordinals)]


def _measure(method: str, ranker: Ranker, questions: Sequence[BeirQuery], relevant: Mapping[str, Mapping[str, int]]) -> RetrievalResult:
    rankings = [list(dict.fromkeys(ranker(query)))[:DOCUMENTS] for query in questions]
    grades = [relevant[query.id] for query in questions]
    pairs = list(zip(rankings, grades, strict=True))
    return RetrievalResult(
        method,
        mean([ndcg(ranking, grade) for ranking, grade in pairs]),
        mean([hit(ranking, grade, 1) for ranking, grade in pairs]),
        mean([hit(ranking, grade, 10) for ranking, grade in pairs]),
    )
