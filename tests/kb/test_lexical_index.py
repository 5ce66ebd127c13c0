"""BM25 against its formula, and what coverage says."""

import math
from pathlib import Path

import pytest

from kb.lexical_index import K1, B, LexicalIndex, build_lexical, load_lexical
from kb.passage import Passage, passage_id
from kb.scope import Scope
from kb.text.tokens import tokenize

TEXTS = ["the warranty is 24 months", "error e04 means the tank is empty", "returns within 30 days, returns are free", "保修期是24个月"]


def _passage(text: str) -> Passage:
    language = "zh" if "保" in text else "en"
    return Passage(passage_id("d", (), text, 0), "d", text, 0, len(text), "paragraph", (), None, language, Scope(), "")


@pytest.fixture
def index(tmp_path: Path) -> LexicalIndex:
    build_lexical(tmp_path / "public", [_passage(text) for text in TEXTS], [3, 5, 7, 9])
    return load_lexical(tmp_path / "public")


def test_scores_follow_the_formula(index: LexicalIndex) -> None:
    terms = [tokenize(text, "zh" if "保" in text else "en") for text in TEXTS]
    average = sum(map(len, terms)) / len(terms)

    def bm25(term: str, words: list[str]) -> float:
        frequency = sum(term in other for other in terms)
        idf = math.log(1 + (len(terms) - frequency + 0.5) / (frequency + 0.5))
        count = words.count(term)
        return idf * count / (count + K1 * (1 - B + B * len(words) / average))

    expected = [bm25("return", words) + bm25("month", words) for words in terms]
    assert index.score("returns months").scores.tolist() == pytest.approx(expected, rel=1e-5)


def test_ordinals_are_those_given(index: LexicalIndex) -> None:
    assert index.ordinals.tolist() == [3, 5, 7, 9]


def test_chinese_words_are_found(index: LexicalIndex) -> None:
    assert int(index.score("保修多久").scores.argmax()) == 3


def test_coverage_is_high_for_its_own_words_and_low_for_foreign_ones(index: LexicalIndex) -> None:
    assert index.score("error E04 tank empty").coverage > 0.5
    assert 0 < index.score("quantum chromodynamics lagrangian of the warranty").coverage < 0.3
    assert index.score("zzz").coverage == 0


def test_an_empty_audience_has_an_empty_index(tmp_path: Path) -> None:
    build_lexical(tmp_path / "internal", [], [])
    found = load_lexical(tmp_path / "internal").score("anything")
    assert (len(found.scores), found.coverage) == (0, 0.0)
