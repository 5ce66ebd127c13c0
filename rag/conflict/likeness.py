"""Whether two sentences that are not about different things tell the same kind of fact: by their words, or by their concepts."""

from rag.conflict.statement import ComparedStatement
from rag.thesaurus import concepts_in
from rag.verify.words import content_words

SHARED = 0.55
"""The least share of the words of the one with fewer that the other has too."""
SHARED_BY_LONGER = 0.4
"""The same for the one with more words, for which the other's FAQ question counts too: else it says something besides."""
LEAST_SHARED = 2
"""So many words must be shared whatever their share: of two words one is half."""
FOREIGN = 0.35
"""The greatest share of the words of an FAQ's question of which the other passage, and the question itself, know nothing."""
FOREIGN_IF_POLAR = 0.25
"""The same for yes and no, where everything hangs on what is asked about."""
SHARED_CONCEPTS = 0.5
"""Across languages: the least share of the concepts of the one with fewer that the other names too."""


def tell_the_same(one: ComparedStatement, other: ComparedStatement, question: str, language: str) -> bool:
    """Whether both give a value of one kind."""
    if one.language != other.language:
        return _share(_concepts(one), _concepts(other)) >= SHARED_CONCEPTS
    return _alike(one, other) and _known(one, other, question, language, FOREIGN)


def ask_the_same(one: ComparedStatement, other: ComparedStatement, question: str, language: str) -> bool:
    """Whether both answer one question of yes or no."""
    if one.language != other.language:
        return _share(_concepts(one), _concepts(other)) >= SHARED_CONCEPTS
    if not one.is_faq and not other.is_faq and not _alike(one, other):
        return False
    return _known(one, other, question, language, FOREIGN_IF_POLAR)


def _alike(one: ComparedStatement, other: ComparedStatement) -> bool:
    short, long = sorted((one, other), key=lambda side: len(side.words))
    in_longer = len(long.words & (short.words | short.asked_words)) / max(1, len(long.words))
    enough = len(short.words & long.words) >= LEAST_SHARED and _share(short.words, long.words) >= SHARED
    return enough and in_longer >= SHARED_BY_LONGER


def _known(one: ComparedStatement, other: ComparedStatement, question: str, language: str, most: float) -> bool:
    """Whether what each FAQ's question is about is known to the other passage or to what was asked."""
    asked = content_words(question, language)
    for faq, passage in ((one, other), (other, one)):
        words = faq.asked_words
        if words and len(words - passage.known_words - asked) > most * len(words):
            return False
    return True


def _concepts(statement: ComparedStatement) -> frozenset[str]:
    return concepts_in(f"{statement.asked}\n{statement.text}")


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, min(len(one), len(other)))
