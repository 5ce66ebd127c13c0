"""What is weighed for a question: sentences in its own language first, passages about the product that it names first."""

from kb.search import HybridSearch
from kb.version import Version
from rag.draft import Evidence
from rag.evidence import LANGUAGE_BONUS, EvidenceScorer
from rag.pipeline import Answerer
from rag.query import Query
from rag.readers.word_reader import WordReader
from rag.similarity import Similarity
from tests.rag.conftest import DAY, ENCODER


def test_of_two_sentences_that_answer_as_well_the_one_in_the_questions_language_is_told(version: Version, search: HybridSearch) -> None:
    question = "Can I return any item? 退货"
    leads = {}
    for language in ("en", "zh"):
        evidence = _weighed(Query(question, DAY, language=language), version, search)
        best = {spoken: max(one.score for one in evidence.units if one.unit.hit.passage.language == spoken) for spoken in ("en", "zh")}
        leads[language] = best["zh"] - best["en"]
    assert abs(leads["zh"] - leads["en"] - 2 * LANGUAGE_BONUS) < 1e-6


def test_passages_about_another_product_come_last(answerer: Answerer, version: Version) -> None:
    def titles(question: str) -> list[str]:
        return [hit.passage.title for hit in answerer.retrieve(Query(question, DAY), question, version)]

    assert titles("How many minutes does the Rovo 320 run on one charge?")[-1] == "Rovo 310"
    assert {"Rovo 310", "Rovo 320"} <= set(titles("How many minutes does the Rovo run on one charge?")[:3])
    assert titles("How many minutes does it run on one charge?")[-1] not in ("Rovo 310", "Rovo 320")


def _weighed(query: Query, version: Version, search: HybridSearch) -> Evidence:
    hits = search.search(version, [query.text], 8, query.scope)[0]
    return EvidenceScorer(Similarity(ENCODER), WordReader()).weigh(query, query.text, hits, version)
