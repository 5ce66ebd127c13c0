"""A sentence with what it needs of the ones before it: "It costs 29 euros." says of what only there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kb.text.tokens import estimate_tokens
from rag.reference import Reference, reference_of
from rag.slots import products_in
from rag.verify.courtesy import is_courtesy
from rag.verify.likely_language import SURE_CHARACTERS, UNSPACED, likely_language
from rag.verify.located_claim import LocatedClaim, locate_claims

SHORT_TOKENS = 8
"""A sentence this short may well leave out what it is about."""
_POINTS_BACK = re.compile(
    r"\W*(?:(?:this|these|that|those|it|its|they|their|both|such|he|she|the (?:device|product|item|model|unit|machine|appliance|set))\b"
    r"|(?:er|sie|es|dies\w{1,2}|jene\w?|beide|il|elle|ils|elles|ce|cet|cette|ces|cela|este|esta|estos|estas|ese|esa|ambos)\b"
    r"|[这那该此其它]|本(?:品|机|产品|款))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class SentenceInContext:
    """One claim of a text, the sentence it leans on (empty when it stands alone), and its language."""

    located: LocatedClaim
    context: str
    language: str

    @property
    def plain(self) -> str:
        """What is verified."""
        return self.located.claim.plain

    @property
    def questions(self) -> list[str]:
        """What to search for: the sentence, and if it leans on another, that one with it."""
        alone = self.plain.strip()
        return [alone, f"{self.context.strip()}\n{alone}"] if self.context else [alone]


def sentences_in_context(text: str, language: str | None, known: Sequence[str]) -> list[SentenceInContext]:
    """The sentences of ``text`` that say something, courtesy aside. Each has ``language``, or else its own where it shows it.

    ``known`` are the languages of the passages, the most frequent first.
    """
    whole = language or likely_language(text, known)
    found: list[SentenceInContext] = []
    anchor = ""
    for located in locate_claims(text, whole):
        plain = located.claim.plain
        if is_courtesy(plain):
            continue
        leans = bool(anchor) and _leans(plain)
        found.append(SentenceInContext(located, anchor if leans else "", language or _language_of(plain, whole, known)))
        anchor = anchor if leans else plain
    return found


def _leans(sentence: str) -> bool:
    """Whether it may be about what an earlier sentence names: it is short or points back, and names no product itself."""
    if products_in(sentence):
        return False
    return estimate_tokens(sentence) <= SHORT_TOKENS or bool(_POINTS_BACK.match(sentence)) or reference_of(sentence) is Reference.CERTAIN


def _language_of(sentence: str, whole: str, known: Sequence[str]) -> str:
    """Its own where it is long, or written in another script than the whole text."""
    own = likely_language(sentence, known)
    return own if len(sentence) >= SURE_CHARACTERS or (own in UNSPACED) != (whole in UNSPACED) else whole
