"""What a question asks about that nothing found speaks of: the reasons to decline rather than to guess.

A model number that no document has is reason enough. A concept, a brand or a kind of quantity that occurs nowhere makes it
likely that nothing answers, but people also ask in words that documents do not use: then the reader has to be surer.
"""

import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np

from kb.lexical_index import LexicalIndex
from kb.scope import Audience
from kb.search import Hit
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


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing, in a sentence for an agent. ``certain``: nothing can answer; else an answer has to be clear."""

    reason: str
    certain: bool


class GapFinder:
    """Finds what is missing. Safe for several threads."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, Audience, str], bool] = OrderedDict()
        self._lock = Lock()

    def find(
        self, question: str, audience: Audience, guard: ModelGuard, hits: Sequence[Hit], units: Sequence[Unit], version: Version
    ) -> Gap | None:
        """What speaks against these passages; None when nothing does."""
        if not units:
            return Gap("No passage was found.", certain=True)
        model = guard.unknown_model(question)
        if model is not None:
            return Gap(f"No document is about a model called “{model}”.", certain=True)
        told = frozenset[str]().union(*(concepts_in(hit.passage.encoded_text) for hit in hits))
        asked = concepts_in(question)
        for concept in sorted(asked - told):
            if not self._speaks_of(version, audience, concept):
                return Gap(f"No document speaks of “{concept.replace('_', ' ')}”.", certain=False)
        missing = _unknown_brand(question, version.lexical_index(audience)) or _missing_quantity(question, units)
        return Gap(missing, certain=False) if missing is not None else None

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
