"""The clauses of a sentence, and whether each of them denies what it says."""

import re
from dataclasses import dataclass
from functools import lru_cache

from rag.verify.words import content_words

_NEGATIONS = {
    "en": r"\b(?:not(?! (?:only|just|merely|more|less|\w+er than|later|longer|earlier|fewer|least|until|above|below|exceed))"
    r"|cannot|never|none|nobody|nothing|no(?! (?:more|less|later|longer|earlier|fewer|matter|problem|worries|doubt|closer))|unable to"
    r"|impossible to|fails? to|refuses? to|lacks?|free of|excluded|forbidden|prohibited|ruled out|off limits|absent|waived)\b|n[’']t\b",
    "zh": r"(?<![是能会要用开])不(?![同锈错止仅断少久足超低过论管到时])|没(?!问题|关系|事)有?|无(?!线|人机|论|理由|条件)"
    r"|非(?!常|洲)|勿|未(?!来|满)|禁止?|严禁"
    r"|拒绝?|避免|忌|别(?!的|墅)|免(?!费)|(?<=能)不(?!能)|(?<=会)不(?!会)|(?<=要)不(?!要)",
    "fr": r"\b(?:pas(?! (?:seulement|plus))|jamais|aucun\w*|sans|ni|impossible|exclue?s?)\b",
}
_EXCEPTIONS = {
    "en": r"\b(?:unless|until|till|except\w*|other than|apart from|without|but|before|if)\b",
    "zh": r"除|之前|以前|才|外|前",
    "fr": r"\b(?:sauf|sans|avant|jusqu|si|que)\b",
}
"""Behind a negation these turn it round again: "not before", "no returns without a receipt"."""
_LIMITS = {"en": r"\bonly\b", "zh": r"只|仅|才", "fr": r"\bseul\w*\b"}
_CASES = {
    "en": r"\b(?:if|when|whenever|where|while|once|should|unless|in case|as long as|who|that|which|whose|until|before|after|nor|neither"
    r"|any\w*)\b|^without\b|^to\b",
    "zh": r"^(?:没有?|未经|无)|如|若|(?<!小)时(?![间长效])|的$|后$|一旦|只要|否则|凡|的话|除非|情况下|就|则|前$|者$|要是|想|趁",
    "fr": r"\b(?:si|lorsqu\w*|quand|dès|tant|pendant|avant|après|qui)\b",
}
"""A clause with one of these names a case; it says nothing of its own."""
_PARTS = re.compile(
    r"[,，;；:：。！？!?|()（）]|\.(?=\s|$)|\s[–—-]\s"
    r"|\b(?:and|but|although|though|because|so|or|whereas|et|mais|ou|car)\b",
    re.IGNORECASE,
)
_PUNCTUATED = re.compile(r"[,，;；:：。！？!?|()（）]|\.(?=\s|$)|\s[–—-]\s")
_MODALS = {
    "en": r"\b(?:can|cannot|may|allowed|permitted|possible)\b|\bcan[’']t\b",
    "zh": r"可以?|能|允许|支持",
    "fr": r"\b(?:peu[tx]|pouve[zr])\b",
}
_OPENING = re.compile(
    r"^\W*(?:yes|no|sure|sorry|of course|unfortunately|don[’']t worry|no worries|oui|non"
    r"|可以|不可以|不行|是的|不|能|不能|抱歉|放心|别担心|不用担心)\s*[,，。.!！]\s*",
    re.IGNORECASE,
)
_THEN = re.compile(r"就|(?<!否)则|便")
"""In Chinese, what a clause with one of these says, it says of the case that the clause before it names, if need be without an "if"."""
LANGUAGES = frozenset(_NEGATIONS)
"""Languages in which a clause's negations say something: in German more true claims than false ones were told apart by them."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One part of a sentence. ``words`` are its content words, ``denied_words`` those behind its negation, or
    all where none stand there ("the bowl may, the lid may not").

    ``negations`` counts what denies, exceptions behind a negation included; ``start`` and ``end`` are where the first one stands in
    ``text``, 0 and 0 where there is none. ``limited``: by an "only". ``conditional``: it names a case.
    """

    text: str
    words: frozenset[str]
    negations: int
    denied_words: frozenset[str]
    start: int
    end: int
    limited: bool
    conditional: bool

    @property
    def denied(self) -> bool:
        """Whether it denies something: with two negations it does not."""
        return self.negations % 2 == 1


@lru_cache(maxsize=8192)
def clauses_of(text: str, language: str) -> tuple[Clause, ...]:
    """The clauses of ``text`` in order, without a "yes" or "no" in front; none where the language's negations are not known."""
    if language not in LANGUAGES:
        return ()
    parts = [part.strip() for part in _PARTS.split(without_yes_or_no(text)) if part.strip()]
    return tuple(_clause(part, language, following) for part, following in zip(parts, [*parts[1:], ""], strict=False))


@lru_cache(maxsize=8192)
def uncut_clauses_of(text: str, language: str) -> tuple[Clause, ...]:
    """The clauses between punctuation that `clauses_of` cuts again at an "and": "Points and discount codes can be used together"."""
    if language not in LANGUAGES:
        return ()
    parts = [part.strip() for part in _PUNCTUATED.split(without_yes_or_no(text)) if part.strip()]
    return tuple(_clause(part, language, "") for part in parts if _PARTS.search(part) is not None)


def without_yes_or_no(text: str) -> str:
    """``text`` without a "yes", "no" or 可以 in front."""
    return _OPENING.sub("", text)


def permits(text: str, language: str) -> bool:
    """Whether ``text`` says that something can be or may be done, or with a negation that it cannot."""
    return language in _MODALS and re.search(_MODALS[language], text, re.IGNORECASE) is not None


def _clause(text: str, language: str, following: str) -> Clause:
    found = list(re.finditer(_NEGATIONS[language], text, re.IGNORECASE))
    first, last = (found[0].span() if found else (0, 0)), (found[0].end() if found else 0)
    turned_back = bool(found) and re.compile(_EXCEPTIONS[language], re.IGNORECASE).search(text, last) is not None
    words = content_words(text, language)
    denied = (content_words(text[last:], language) or words) if found else frozenset[str]()
    limited, conditional = (re.search(patterns[language], text, re.IGNORECASE) is not None for patterns in (_LIMITS, _CASES))
    conditional = conditional or (language == "zh" and _THEN.search(following) is not None)
    return Clause(text, words, len(found) + turned_back, denied, *first, limited, conditional)
