"""Hybrid search: languages side by side, scope, encoder identity, reranking."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from kb.encoder import FloatArray
from kb.encoders.hashing import HashingEncoder
from kb.errors import EncoderMismatchError
from kb.manifest import ManifestFields
from kb.passage import Passage
from kb.scope import Scope, SearchScope
from kb.search import HybridSearch
from kb.store import VersionStore
from kb.version import Version
from tests.kb.builders import Contents, cut, make_document

TODAY = SearchScope(date(2026, 11, 23))


class _Biased(HashingEncoder):
    """Puts every text with a Chinese character near every such question, whatever it says: the fault of multilingual encoders."""

    def encode_passages(self, texts: Sequence[str], progress: object = None) -> FloatArray:
        vectors = super().encode_passages(texts)
        chinese = np.array([any("\u4e00" <= character <= "\u9fff" for character in text) for text in texts])
        vectors[:, 0] = np.where(chinese, 0.6, -0.6)
        normalised: FloatArray = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
        return normalised

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        return self.encode_passages(texts)


def _publish(data: Path, texts: dict[str, tuple[str, Scope]], encoder: HashingEncoder) -> Version:
    documents = [make_document(path, [text], scope=scope, title="T") for path, (text, scope) in texts.items()]
    passages: list[Passage] = []
    for document in documents:
        chinese = any("\u4e00" <= character <= "\u9fff" for character in document.text)
        passages += [replace(passage, language="zh" if chinese else "en") for passage in cut(document)]
    contents = Contents(documents, passages, encoder.encode_passages([passage.encoded_text for passage in passages]))
    store = VersionStore(data)
    with store.writer() as writer:
        staged = writer.stage()
        staged.write(contents.documents, contents.passages, contents.vectors)
        writer.seal(staged, ManifestFields(encoder.id, "test", "tester", "a test"))
        writer.publish(staged)
    return store.open_current()


@pytest.fixture
def bilingual(tmp_path: Path) -> Version:
    texts = {f"zh{number}.md": (f"无关的内容第{number}条。", Scope()) for number in range(12)}
    texts |= {f"en{number}.md": (f"Unrelated matter number {number}.", Scope()) for number in range(12)}
    texts["target.md"] = ("The BN-X9 descaler dissolves limescale.", Scope())
    texts["secret.md"] = ("The BN-X9 descaler is sold at a loss.", Scope(audience="internal"))
    texts["eu.md"] = ("The BN-X9 descaler is free.", Scope(regions=("EU",)))
    return _publish(tmp_path, texts, _Biased(128))


def test_an_answer_in_another_language_is_not_buried(bilingual: Version) -> None:
    hits = HybridSearch(_Biased(128)).search(bilingual, ["BN-X9 descaler limescale 怎么用"], 3, TODAY)[0]
    assert hits[0].document == "target.md"


def test_scope_is_enforced_inside_the_search(bilingual: Version) -> None:
    search = HybridSearch(_Biased(128))
    found = {hit.document for hit in search.search(bilingual, ["BN-X9 descaler"], 50, TODAY)[0]}
    assert found.isdisjoint({"secret.md", "eu.md"})
    inside = SearchScope(TODAY.as_of, audience="internal", region="FR")
    assert {"secret.md", "eu.md"} <= {hit.document for hit in search.search(bilingual, ["BN-X9 descaler"], 50, inside)[0]}


def test_several_questions_at_once_give_what_each_gives_alone(bilingual: Version) -> None:
    search = HybridSearch(_Biased(128))
    questions = ["descaler", "unrelated matter", "无关"]
    together = search.search(bilingual, questions, 4, TODAY)
    assert together == [search.search(bilingual, [question], 4, TODAY)[0] for question in questions]


def test_another_encoder_is_refused_with_the_way_out(bilingual: Version) -> None:
    with pytest.raises(EncoderMismatchError, match=r"embedded with hashing-128.*citedesk ingest"):
        HybridSearch(HashingEncoder(64)).search(bilingual, ["x"], 1, TODAY)


def test_a_reranker_has_the_last_word(bilingual: Version) -> None:
    class Shortest:
        def score(self, question: str, texts: Sequence[str]) -> FloatArray:
            return np.array([-len(text) for text in texts], np.float32)

    hits = HybridSearch(_Biased(128), Shortest()).search(bilingual, ["descaler"], 5, TODAY)[0]
    lengths = [len(hit.passage.encoded_text) for hit in hits]
    assert lengths == sorted(lengths)


def test_a_scope_that_admits_nothing_finds_nothing(tmp_path: Path) -> None:
    version = _publish(tmp_path, {"eu.md": ("Only here.", Scope(regions=("EU",)))}, HashingEncoder(64))
    assert HybridSearch(HashingEncoder(64)).search(version, ["only"], 5, TODAY) == [[]]


def test_the_bias_is_real(bilingual: Version) -> None:
    """Without the ranking by language the right passage is not among the first ten: the test above has teeth."""
    encoder = _Biased(128)
    vector = encoder.encode_queries(["BN-X9 descaler limescale 怎么用"])
    nearest = bilingual.vector_index("public").search(vector, 10, TODAY)[0]
    titles = [bilingual.passages([scored.ordinal])[0].text for scored in nearest]
    assert not any("descaler" in text for text in titles)
