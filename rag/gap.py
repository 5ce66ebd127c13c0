"""What a question asks about that nothing found speaks of: the reasons to decline rather than to guess.

Similarity alone does not tell a question that the documents answer from one that they almost answer: both look alike to
an encoder. What tells them apart is the one thing asked about that occurs nowhere.
"""

import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Literal

import numpy as np

from kb.lexical_index import LexicalIndex
from kb.scope import Audience
from kb.search import Hit
from kb.text.languages import detect_language
from kb.text.tokens import tokenize_query
from kb.version import Version
from rag.answer_type import asked_types, match
from rag.products import ModelGuard
from rag.thesaurus import concepts_in, words_of
from rag.unit import Unit

PLAINLY_ASKED = frozenset({"money", "weight", "loudness"})
"""Quantities whose words leave no doubt; "when", "battery" and "range" also occur in questions that ask for no quantity."""
LOOKED_AT = 20
"""Passages looked at for each word of a concept, before the knowledge base is said not to speak of it."""
REMEMBERED = 4096
_BRAND = re.compile(r"(?<![\w-])(?:[A-Z]{3,}|[A-Z]+[a-z]+[A-Z]\w*|[a-z]+[A-Z]\w+)(?![\w-])")


FLOOR = 0.03
"""About one spread of the encoder's cosines."""
Pairing = Literal["english", "same", "cross"]
"""Question and passage both English, both of one other language, or of two: cosines are on another scale in each."""


@dataclass(frozen=True, slots=True)
class OffTopic:
    """When a question is not about the shop at all: every passage is less similar than the limit of its pairing, the best
    holds less than ``coverage`` of the question's words, and question and passages share no concept; or every passage is
    less similar than the limit by more than `FLOOR`, whatever words are shared.

    Cosines belong to one encoder: fitted by ``citedesk eval calibrate`` (docs/decisions/0010-declining.md).
    """

    english: float
    same: float
    cross: float
    coverage: float

    def above(self, pairing: Pairing, cosine: float) -> float:
        """How far ``cosine`` lies above the limit of its pairing; negative below it."""
        limits = {"english": self.english, "same": self.same, "cross": self.cross}
        return cosine - limits[pairing]


def pairing_of(question: str, passage: str) -> Pairing:
    """The pairing of two languages, given as ISO 639-1 codes."""
    if question != passage:
        return "cross"
    return "english" if question == "en" else "same"


class GapFinder:
    """Finds what is missing. Safe for several threads."""

    def __init__(self, off_topic: OffTopic | None) -> None:
        """``off_topic`` is None for an encoder that was not calibrated: then only words decide."""
        self._off_topic = off_topic
        self._known: OrderedDict[tuple[str, Audience, str], bool] = OrderedDict()
        self._lock = Lock()

    def find(
        self, question: str, audience: Audience, guard: ModelGuard, hits: Sequence[Hit], units: Sequence[Unit], version: Version
    ) -> str | None:
        """Why these passages cannot answer, in a sentence for an agent; None when nothing speaks against them."""
        if not units:
            return "No passage was found."
        model = guard.unknown_model(question)
        if model is not None:
            return f"No document is about a model called “{model}”."
        told = frozenset[str]().union(*(concepts_in(hit.passage.encoded_text) for hit in hits))
        asked = concepts_in(question)
        for concept in sorted(asked - told):
            if not self._speaks_of(version, audience, concept):
                return f"No document speaks of “{concept.replace('_', ' ')}”."
        return (
            _unknown_brand(question, version.lexical_index(audience))
            or _missing_quantity(question, units)
            or self._off_topic_reason(question, guard, hits)
        )

    def _speaks_of(self, version: Version, audience: Audience, concept: str) -> bool:
        key = (str(version.path), audience, concept)
        with self._lock:
            known = self._known.get(key)
        if known is None:
            known = any(_holds(version, audience, word, concept) for word in words_of(concept))
            with self._lock:
                self._known[key] = known
                while len(self._known) > REMEMBERED:
                    self._known.popitem(last=False)
        return known

    def _off_topic_reason(self, question: str, guard: ModelGuard, hits: Sequence[Hit]) -> str | None:
        limits = self._off_topic
        if limits is None:
            return None
        language = detect_language(question)
        above = max(limits.above(pairing_of(language, hit.passage.language), hit.dense) for hit in hits)
        related = above >= 0 or hits[0].coverage >= limits.coverage or shares_subject(question, guard, hits)
        return "Nothing found is about the same matter." if above < -FLOOR or not related else None


def shares_subject(question: str, guard: ModelGuard, hits: Sequence[Hit]) -> bool:
    """Whether the question names a model that has a document, or a concept that a found passage names too."""
    asked = concepts_in(question)
    return bool(guard.asked_models(question)) or any(asked & concepts_in(hit.passage.encoded_text) for hit in hits)


def _holds(version: Version, audience: Audience, word: str, concept: str) -> bool:
    """Whether some passage with the words of ``word`` names ``concept``."""
    index = version.lexical_index(audience)
    scores = index.score(word).scores
    best = np.argsort(-scores, kind="stable")[:LOOKED_AT]
    passages = version.passages([int(index.ordinals[row]) for row in best if scores[row] > 0])
    return any(concept in concepts_in(passage.encoded_text) for passage in passages)


def _unknown_brand(question: str, index: LexicalIndex) -> str | None:
    for name in _BRAND.findall(question):
        stems = [stem for stems in tokenize_query(name, index.languages) for stem in stems]
        if all(index.idf(stem) is None for stem in stems):
            return f"The name “{name}” occurs in no document."
    return None


def _missing_quantity(question: str, units: Sequence[Unit]) -> str | None:
    kinds = tuple(kind for kind in asked_types(question) if kind.name in PLAINLY_ASKED)
    if not kinds or any(match(kinds, unit.text) == 1.0 for unit in units):
        return None
    return f"Nothing found holds a {kinds[0].name}."
