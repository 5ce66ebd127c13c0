"""The case that a question itself names: "Is return shipping free if my lamp arrived damaged?", 灯有质量问题，运费由谁承担？"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.facts.fact import Fact, find_facts
from rag.verify.words import meaning_words, telling_words

LEAST_ASKED = 0.5
"""The share of a sentence's words that a question must have to ask what the sentence says."""
_SENTENCES = {
    "en": re.compile(
        r"(?<=[.!?])\s+|\n|;|,?\s(?:and|but|so)\s(?=(?:is|are|was|can|may|must|will|do|does|did|has|have|what|who|how|where|why)\b)",
        re.IGNORECASE,
    ),
    "zh": re.compile(r"(?<=[。！？!?])|[\n;；]"),
}
_ASKS = {
    "en": re.compile(
        r"\?\s*$|^\W*(?:(?:and|so|hi|hello|please|also)\W+)*(?:is|are|was|can|could|may|must|will|would|do|does|did|has|have|what|which|who"
        r"|whose|when|how|where|why|should|shall)\b",
        re.IGNORECASE,
    ),
    "zh": re.compile(r"[?？]\s*$|[吗呢么谁哪几]|多少|怎|如何|是否|能否|可否|(.)[不没]\1"),
}
_WIDER = {
    "en": re.compile(
        r"\b(?:or|also|even|too|only|as well|always|anyway|any\w*|every\w*|all|both|either|whatever|whichever|however|whether|regardless"
        r"|no matter|otherwise|instead|else|besides)\b",
        re.IGNORECASE,
    ),
    "zh": re.compile(r"或|还是|也|都|只|仅|即使|就算|哪怕|无论|不论|不管|任何|所有|一律|其他|其它|别的|另外|以及"),
}
"""A question with one of these may ask of more than the case that it names, and an answer with one say more."""
_RELATIONS = {
    "en": re.compile(
        r"\b(?:not|cannot|never|none|nor|neither|no|non|without|unless|except\w*|excluding|other than|apart from|rather|before|after|since"
        r"|until|till|within|over|above|below|under|beyond|outside|inside|from|up to|at least|at most|more|less|fewer|than|exactly|during"
        r"|between|almost|nearly|about)\b|n[’']t\b|-free\b|\bfree (?:of|from)\b",
        re.IGNORECASE,
    ),
    "zh": re.compile(r"不|没|无|未|非|勿|别|禁|除|外|前|后|内|起|满|超|以上|以下|至少|至多|最多|低于|高于|大于|小于|约|才"),
}
"""What turns a case round or bounds it: limit and question must have the same."""
_ASKED_BOTH_WAYS = re.compile(r"能不能|可不可以|会不会|能否|可否")
_NO_SIGN = {
    "en": frozenset("item product articl good thing parcel packag purchas devic case condit provid subject long elig proof".split()),
    "zh": frozenset[str](),
}
"""What any question of a shopper's is about, and what only says that a case follows: these name no case."""
_OPENINGS = re.compile(
    r"^(?:在|由于|因为?|如果?|若是?|凡是?|当|一旦|凭|仅限|只限|限于|但须|且须|并须|须|您|收到的?|购买的?|商品|产品|货物|物品|存在|出现|属于|发生|有|\s)+"
)
_CLOSINGS = re.compile(r"(?:的话|的?情况下|的?时候?|的|者|\s)+$")
_LISTED = {
    "en": re.compile(r"\bor\b(?! (?:more|less|fewer|later|earlier|above|below|over|under|longer|shorter|older|younger)\b)|,\s"),
    "zh": re.compile(r"或者?|[、，]"),
}
_TOGETHER = {"en": re.compile(r"\b(?:and|both|as well as|together with)\b|&", re.IGNORECASE), "zh": re.compile(r"[且并和与及]|同时")}
_COPULA = re.compile(r"\b(?:is|are|was|were|arrives?|arrived|comes?|came|becomes?|proves?)\b", re.IGNORECASE)
_ENDING = re.compile(r"[前后内外]+$")


@lru_cache(maxsize=2048)
def names_case(question: str, limit: str, claim: str, language: str) -> bool:
    """Whether ``question`` asks what ``claim`` says in the case that ``limit`` sets, and in no other; so that the claim need not name it.

    The case has to stand there in the limit's own words, with the same figures, and what turns or bounds it ("not", "within", 前) has to
    be the same too. Of a list of cases one is enough.
    """
    if not question or language not in _RELATIONS or _WIDER[language].search(question) or _WIDER[language].search(claim):
        return False
    facts = find_facts(limit, language)
    asked = find_facts(question, language)
    if any(fact.comparable(one) and not fact.agrees(one) for fact in facts for one in asked):
        return False
    cases = list(_cases(limit, facts, language))
    return any(case.stands_in(part, facts, language) for part in _asking(question, claim, language) for case in cases)


def names_kind(question: str, kind: str, language: str) -> bool:
    """Whether ``question`` has the words of ``kind`` ("return shipping") one after the other, and asks of nothing more."""
    wanted = kind.strip()
    found = re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", question, re.IGNORECASE) if wanted else None
    return found is not None and language in _WIDER and not _WIDER[language].search(question)


@dataclass(frozen=True, slots=True)
class _Case:
    """One case of a limit: its ``words``, its ``relations`` in alphabetical order, and ``text``, the words as they stand."""

    text: str
    words: frozenset[str]
    relations: tuple[str, ...]

    def stands_in(self, part: str, facts: Sequence[Fact], language: str) -> bool:
        """Whether ``part`` of a question names it, with all ``facts`` of the limit."""
        if self.relations != _relations(part, language):
            return False
        told = find_facts(part, language)
        if not all(any(fact.agrees(one) for one in told) for fact in facts):
            return False
        if self.relations and len(self.words) < 2 and not facts:
            return len(self.words) == 1 and _after_relation(self.text, language).casefold() in part.casefold()
        return bool(self.words or facts) and self.words <= _words(part, language)


def _after_relation(text: str, language: str) -> str:
    """``text`` from what turns or bounds it on: "unless faulty". Of one word with a "not" every letter has to be there."""
    found = _RELATIONS[language].search(text)
    return text if found is None or not text[found.end() :].strip() else text[found.start() :]


def _cases(limit: str, facts: Sequence[Fact], language: str) -> Iterator[_Case]:
    """The limit as a whole, and where it lists several each by itself, with what is said of all."""
    bare = limit
    for fact in facts:
        bare = bare[: fact.start] + " " * (fact.end - fact.start) + bare[fact.end :]
    bare = _CLOSINGS.sub("", _OPENINGS.sub("", bare)) if language == "zh" else bare.strip()
    yield _Case(bare, _words(bare, language), _relations(bare, language))
    items = [item.strip() for item in _LISTED[language].split(bare) if item.strip()]
    if len(items) < 2 or _TOGETHER[language].search(bare):
        return
    shared, ending = "", ""
    if language == "zh":
        shared, ending = items[0].rpartition("的")[0], "".join(_ENDING.findall(items[-1]))
    elif (copula := _COPULA.search(items[0])) is not None:
        shared = items[0][: copula.start()]
    elif any(len(_words(item, language)) > 1 for item in items):
        return  # "for unopened lamps or shades": what stands before the first may be said of all
    of_all = _words(shared, language)
    for number, item in enumerate(items):
        told = f"{items[0] if number else ''} {item}{'' if item.endswith(ending) else ending}"
        yield _Case(item, of_all | _words(item, language), _relations(told, language))


def _asking(question: str, claim: str, language: str) -> Iterator[str]:
    """The sentences of ``question`` that state a case for ``claim``: none where it asks of something else.

    One that asks has to ask what the claim says, so that "What does defective mean?" states nothing.
    """
    words = meaning_words(claim, language)

    def is_asked(text: str) -> bool:
        return len(words & meaning_words(text, language)) >= LEAST_ASKED * len(words)

    if words and is_asked(question):
        parts = (part for part in _SENTENCES[language].split(question) if part.strip())
        yield from (part for part in parts if is_asked(part) or not _ASKS[language].search(part))


def _words(text: str, language: str) -> frozenset[str]:
    """In Chinese with all pairs of neighbouring characters: 新会员 is not 会员."""
    return (telling_words if language == "zh" else meaning_words)(text, language) - _NO_SIGN[language]


def _relations(text: str, language: str) -> tuple[str, ...]:
    plain = _ASKED_BOTH_WAYS.sub(" ", text) if language == "zh" else text
    return tuple(sorted(match.group().casefold() for match in _RELATIONS[language].finditer(plain)))
