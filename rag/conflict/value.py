"""Whether two sentences give different values of one kind: "30 days" and "14 days", "free" and "5 EUR"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from rag.answer_type import AnswerType
from rag.conflict.statement import ComparedStatement
from rag.facts.fact import Fact
from rag.facts.quantity import Quantity
from rag.facts.unit import BUSINESS_DAYS, MONTHS, SECONDS
from rag.verify.fact_kind import is_soft

ROUNDED = Decimal("1.03")
"""Values this near to each other may be one value, rounded or converted."""
ABOUT = Decimal("1.25")
"""The same where one side says "about"."""
LOOSE = Decimal(2)
"""The same between days, business days and months, which are only about convertible."""
_DAYS = {SECONDS: Decimal(1) / 86_400, MONTHS: Decimal("30.4"), BUSINESS_DAYS: Decimal("1.4")}
_MONEY = frozenset({"USD", "EUR", "GBP", "CNY", "CHF"})
_FREE = re.compile(
    r"\b(?:is|are|for) free\b|\bfree of charge\b|\bfree (?:standard |express )?(?:delivery|shipping|returns?|repairs?)\b"
    r"|\bno (?:extra )?(?:charge|fee|cost)\b|\bat no cost\b|免费|包邮|免运费|不收(?:取)?(?:费|运费)",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\bnot\b|n't\b|\bnever\b|不(?!收)|非", re.IGNORECASE)
_ABOUT = re.compile(
    r"\b(?:about|around|approximately|roughly|nearly|almost|some|usually|typically|most)\b"
    r"|约|左右|大概|一般|通常",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(
    r"(?:\b(?:at least|more than|over|minimum(?: of)?|not less than|longer than)|至少|不少于|不低于|超过)\W{0,2}$", re.IGNORECASE
)
_AT_MOST = re.compile(
    r"(?:\b(?:up to|at most|no more than|not more than|maximum(?: of)?|less than|under|below)|最多|不超过|至多|最长)\D{0,5}$", re.IGNORECASE
)
_FOR_EVERY = re.compile(r"(?:\b(?:per|for every|for each|every|each)|每(?:消费|满|花)?)\W{0,3}$", re.IGNORECASE)
_LOOKED_BACK = 24
_ASKED: dict[str, tuple[str, ...]] = {
    "duration": ("time", "calendar", "metres"),
    "money": ("money", "percent"),
    "weight": ("grams",),
    "temperature": ("temperature",),
    "loudness": ("decibels",),
}
"""What may answer a question for a quantity; "how long" is asked of cables too. Kinds that are not here tell nothing."""


@dataclass(frozen=True, slots=True)
class ValuePair:
    """The differing values, as they stand in the two sentences; ``place`` is where each stands, None for "free" and the like."""

    one: str
    other: str
    facts: tuple[Fact, Fact] | None


def differing_values(one: ComparedStatement, other: ComparedStatement, asked: tuple[AnswerType, ...]) -> ValuePair | None:
    """The values in which the two differ; None when they agree, tell several values of a kind, or differ in more than one kind.

    ``asked`` are the kinds of quantity that the question asks for; values of other kinds are not what it is about.
    """
    families = {_family(fact) for fact in (*one.facts, *other.facts)} - {None}
    found = [pair for family in sorted(map(str, families)) if (pair := _in_family(one, other, family)) is not None]
    if not found:
        found = [pair for pair in (_free_or_not(one, other), _free_or_not(other, one, turned=True)) if pair is not None]
    if len(found) != 1 or not _is_asked_for(found[0], asked):
        return None
    return found[0]


def _in_family(one: ComparedStatement, other: ComparedStatement, family: str) -> ValuePair | None:
    ours, theirs = list(_of(one, family)), list(_of(other, family))
    if len(ours) != 1 or len(theirs) != 1:
        return None
    if ours[0].agrees(theirs[0]) or _compatible(ours[0], one.text, theirs[0], other.text):
        return None
    if ours[0].is_bare and not _counts_the_same(ours[0], one, theirs[0], other):
        return None
    return ValuePair(_written(ours[0], one.text), _written(theirs[0], other.text), (ours[0], theirs[0]))


def _of(statement: ComparedStatement, family: str) -> Iterator[Fact]:
    """The facts of one family, but not numbers that are a way of speaking, and not the sum for which something is given or taken."""
    for fact in statement.facts:
        soft = fact.is_bare and is_soft(fact)
        rate = family == "money" and _FOR_EVERY.search(statement.text[max(0, fact.start - _LOOKED_BACK) : fact.start])
        if _family(fact) == family and not soft and not rate:
            yield fact


@lru_cache(maxsize=4096)
def _family(fact: Fact) -> str | None:
    content = fact.content
    if not isinstance(content, Quantity):
        return "calendar" if fact.kind == "date" else None
    if content.dimension in _MONEY:
        return "money"
    if content.dimension in _DAYS:
        return "time"
    if content.dimension in {"celsius", "fahrenheit"}:
        return "temperature"
    return content.dimension or "count"


def _compatible(ours: Fact, our_text: str, theirs: Fact, their_text: str) -> bool:
    """Whether both may be true all the same: other currencies, a bound that the other keeps, rounding."""
    one, other = ours.content, theirs.content
    if not isinstance(one, Quantity) or not isinstance(other, Quantity):
        return not ours.comparable(theirs)
    if _family(ours) == "money" and one.dimension != other.dimension:
        return True
    low, high, tolerance = max(one.values), max(other.values), ROUNDED
    if one.dimension != other.dimension:
        low, high = low * _DAYS.get(one.dimension or "", Decimal(1)), high * _DAYS.get(other.dimension or "", Decimal(1))
        tolerance = LOOSE
    elif _ABOUT.search(our_text) or _ABOUT.search(their_text):
        tolerance = ABOUT
    return _near(low, high, tolerance) or _kept(low, _bound(ours, our_text), high, _bound(theirs, their_text))


def _near(one: Decimal, other: Decimal, tolerance: Decimal) -> bool:
    low, high = sorted((abs(one), abs(other)))
    return high <= low * tolerance and (one < 0) == (other < 0)


def _bound(fact: Fact, text: str) -> str:
    before = text[max(0, fact.start - _LOOKED_BACK) : fact.start]
    return "least" if _AT_LEAST.search(before) else "most" if _AT_MOST.search(before) else ""


def _kept(one: Decimal, our_bound: str, other: Decimal, their_bound: str) -> bool:
    """Whether one side is a bound that the other side keeps."""
    if our_bound == their_bound:
        return False
    return other >= one if our_bound == "least" or their_bound == "most" else other <= one


def _counts_the_same(ours: Fact, one: ComparedStatement, theirs: Fact, other: ComparedStatement) -> bool:
    """Whether the same thing stands behind both numbers; across languages that cannot be told."""
    if one.language != other.language:
        return False
    following, theirs_following = (
        re.sub(r"^[\s-]+", "", statement.text[fact.end : fact.end + 12]).casefold() for statement, fact in ((one, ours), (other, theirs))
    )
    length = 1 if one.language in {"zh", "ja"} else 3
    return len(following) >= length and following[:length] == theirs_following[:length]


def _free_or_not(free: ComparedStatement, priced: ComparedStatement, turned: bool = False) -> ValuePair | None:
    """ "Free" where the other side has one price."""
    said = _FREE.search(free.text)
    prices = list(_of(priced, "money"))
    if said is None or _DENIED.search(free.text) or list(_of(free, "money")) or len(prices) != 1 or _FREE.search(priced.text):
        return None
    price = prices[0].content
    if not isinstance(price, Quantity) or not max(price.values):
        return None
    values = (said.group(), _written(prices[0], priced.text))
    return ValuePair(*(values[::-1] if turned else values), None)


def _is_asked_for(pair: ValuePair, asked: tuple[AnswerType, ...]) -> bool:
    names = [name for kind in asked for name in _ASKED.get(kind.name, ())]
    if not names or len(names) < len(asked):
        return True
    return ("money" if pair.facts is None else _family(pair.facts[0])) in names


def _written(fact: Fact, text: str) -> str:
    return text[fact.start : fact.end]
