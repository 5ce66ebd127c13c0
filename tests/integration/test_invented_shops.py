"""Shops that nothing was learned or tuned from: floors below what was measured (docs/log.md)."""

import pytest

from eval.shop import Shop, read_shops
from eval.shop_answers import ShopRow, run, tabulate
from kb.encoder import Encoder
from kb.search import HybridSearch
from rag.appraisal import Appraiser
from rag.delivery import Deliverer
from rag.evidence import EvidenceScorer
from rag.generate.extractive import ExtractiveGenerator
from rag.pipeline import Answerer
from rag.readers.onnx_reader import OnnxReader
from rag.readers.word_reader import WordClaimReader
from rag.similarity import Similarity
from rag.verify.draft_check import DraftCheck
from rag.verify.verifier import Verifier


def _unseen(name: str) -> Shop:
    return next(shop for shop in read_shops() if shop.half == "test" and shop.name == name)


@pytest.mark.parametrize("name", ["en-audio", "zh-chongwu"])
@pytest.mark.timeout(300)
def test_an_unseen_shop_is_answered_and_what_it_does_not_say_is_declined(encoder: Encoder, reader: OnnxReader, name: str) -> None:
    deliverer = Deliverer(ExtractiveGenerator(), DraftCheck(Verifier(WordClaimReader())))
    answerer = Answerer(Appraiser(HybridSearch(encoder), EvidenceScorer(Similarity(encoder), reader)), deliverer)
    (row,) = [row for row in tabulate(run([_unseen(name)], encoder, answerer)) if row.language == "all" and row.half == "test"]
    assert _rates_hold(row), row


def _rates_hold(row: ShopRow) -> bool:
    assert row.found is not None and row.told is not None and row.declined_wrongly is not None and row.declined_rightly is not None
    return row.found >= 0.85 and row.told >= 0.65 and row.declined_wrongly <= 0.15 and row.declined_rightly >= 0.6
