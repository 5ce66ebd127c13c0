"""Whether a sentence's words stand close together in the passage that is to bear it out, or are scattered over it.

A text of several hundred words has most words of any short sentence somewhere: "You can never return any item" finds its "never" in one
place, its "item" in another. What bears a sentence out says it in one place.
"""

from functools import lru_cache

from kb.text.tokens import tokenize
from rag.verify.checked_passage import CheckedPassage
from rag.verify.words import meaning_words

NEAR = 1
"""Sentences before and after the quote in which a word counts as said there: "It costs 5 euros" needs the one before."""
HEADINGS = 300
"""Characters of title, headings and FAQ question that count. Real ones are shorter; a page of text that poses as a heading is long."""
KNOWN_SHARE = 0.6
LEAST_WORDS = 2
_QUANTIFIERS = (
    *("never", "always", "ever", "every", "everything", "everyone", "everybody", "anything", "anyone", "anybody"),
    *("something", "nothing", "nobody", "none", "without", "whatever", "whenever"),
)
"""Words of any text; whether they agree is asked elsewhere."""


def is_said_near(text: str, passage: CheckedPassage, quote: str) -> bool:
    """Whether `KNOWN_SHARE` of the meaning words of ``text``, and `LEAST_WORDS`, stand in ``quote``, its neighbours or the headings.

    ``text`` is in the passage's language. One of the words has to stand in a sentence: headings alone say nothing. What stands there as it
    is needs no words to count; what has none to count is not said there.
    """
    told, headings = _around(passage, quote), passage.heading.text[:HEADINGS]
    if text in told:
        return True
    words = meaning_words(text, passage.language) - _quantifier_terms()
    said = words & meaning_words(told, passage.language)
    known = said | words & meaning_words(headings, passage.language)
    return bool(said) and len(known) >= LEAST_WORDS and len(known) >= KNOWN_SHARE * len(words)


@lru_cache(maxsize=1)
def _quantifier_terms() -> frozenset[str]:
    return frozenset(term for word in _QUANTIFIERS for term in tokenize(word, "en"))


def _around(passage: CheckedPassage, quote: str) -> str:
    told = [statement.text for statement in passage.statements]
    at = told.index(quote)
    return "\n".join(told[max(0, at - NEAR) : at + NEAR + 1])
