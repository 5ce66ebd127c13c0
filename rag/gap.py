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

from kb.encoder import FloatArray
from kb.lexical_index import LexicalIndex
from kb.scope import Audience
from kb.search import Hit
from kb.text.sentences import split_sentences
from kb.text.tokens import tokenize, tokenize_query
from kb.version import Version
from rag.answer_type import asked_types, match
from rag.products import ModelGuard
from rag.thesaurus import concepts_in, words_of
from rag.unit import Unit

PLAINLY_ASKED = {"money": "price", "weight": "weight", "loudness": "loudness"}
"""Quantities whose words leave no doubt, and what agents call them. "When", "battery" and "range" also occur in questions that ask for no
quantity."""
LOOKED_AT = 20
"""Passages looked at for each word of a concept, before the knowledge base is said not to speak of it."""
LIKELY = 2.0
"""How far below the reader's likeliest sentence one may be to be meant (chosen on the tuning halves, docs/decisions/0042-neighbours.md)."""
REMEMBERED = 4096
_BRAND = re.compile(r"(?<![\w-])(?:[A-Z]{3,}|[A-Z]+[a-z]+[A-Z]\w*|[a-z]+[A-Z]\w+)(?![\w-])")
_AMOUNT = re.compile(
    r"\bhow (?:much|heavy|loud)\b|\bwhat\b.*\b(?:costs?|price|fee|charge|weigh|weight|pay)\b|\b(?:price|cost|weight) (?:of|for)\b"
    r"|多少钱|几块|价格|价钱|多重|重量|几公斤|分贝|\bwie (?:viel|teuer|schwer|laut)\b|\bkostet\b|\bgewicht\b|\bcombien\b|\bprix\b"
    r"|\bcuánto\b|\bprecio\b",
    re.IGNORECASE,
)
_WHO = re.compile(r"\bwho(?:se)?\b|谁|\bwer\b|\bqui\b|\bquién\b|\bchi\b", re.IGNORECASE)
_ARTICLE = re.compile(r"[a-z]{1,4}\d{1,5}[a-z]?")


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
        missing = _unknown_brand(question, version.lexical_index(audience))
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


def missing_quantity(question: str, units: Sequence[Unit], read: FloatArray) -> Gap | None:
    """The quantity that is plainly asked for, where no unit holds it that could be meant.

    ``read`` are the reader's logits [units]. Where an amount is asked for, those could be meant that the reader thinks about as likely
    as the likeliest ("who pays" and "is it free" have other answers); and where the question names an article ("MF-25") that some are
    about, those that are about it.
    """
    kinds = tuple(kind for kind in asked_types(_asking_part(question)) if kind.name in PLAINLY_ASKED)
    if not kinds or _WHO.search(question):
        return None
    articles = _codes(question)
    amount = _AMOUNT.search(question) is not None
    likely = [unit for unit, logit in zip(units, read, strict=True) if logit >= read.max() - LIKELY]
    about = [unit for unit in units if articles & _codes(f"{unit.context} {unit.text}")]
    for meant in (likely if amount else units, about):
        if meant and not any(match(kinds, unit.text) == 1.0 for unit in meant):
            return Gap(f"Nothing found tells the {PLAINLY_ASKED[kinds[0].name]} of what is asked about.", certain=False)
    return None


def _asking_part(question: str) -> str:
    """The sentences that end with a question mark, if there are any: "You cut the price. Do I get some back?" asks for no price."""
    sentences = [question[start:end] for start, end in split_sentences(question)]
    return " ".join(sentence for sentence in sentences if sentence.endswith(("?", "？"))) or question


def _codes(text: str) -> frozenset[str]:
    return frozenset(term for term in tokenize(text, "") if _ARTICLE.fullmatch(term))
