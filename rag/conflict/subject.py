"""Whether two sentences may speak of the same thing: product, region, channel, time, case. Where in doubt, they do not."""

import re
from functools import lru_cache

from kb.scope import Scope
from rag.conflict.case import differ_in_case
from rag.conflict.statement import ComparedStatement
from rag.facts.fact import find_facts
from rag.facts.model_name import find_model_names, series_of
from rag.facts.place import find_places
from rag.facts.region import find_regions

_CAPITALISED = re.compile(r"(?<=[\w,;:)] )[A-ZÀ-Þ][\w+-]+")
_LATIN = re.compile(r"[A-Za-z][\w+-]{2,}")
_NO_PLACES = frozenset({"包邮"})
"""Words that jieba's dictionary takes for places."""
_VARIANT = re.compile(r"(?<=\w[ -])(?:Pro|Plus|Max|Mini|Lite|Air|Ultra|XL|XS|Junior|Kids)(?!\w)")
_NO_NAMES = frozenset(
    "i yes no faq usb eur usd gbp cny monday tuesday wednesday thursday friday saturday sunday january february march april may june july "
    "august september october november december wi-fi wifi bluetooth app pdf led".split()
)
CAPITALISED_NOUNS = frozenset({"de"})


def may_be_the_same(one: ComparedStatement, other: ComparedStatement) -> bool:
    """Whether nothing says that the two are about different products, regions, channels, times or cases."""
    return (
        _scopes_match(one.hit.passage.scope, other.hit.passage.scope)
        and _names_match(one, other)
        and _regions_of(one) == _regions_of(other)
        and not differ_in_case(one.text, one.heading, other.text, other.heading)
    )


def _scopes_match(one: Scope, other: Scope) -> bool:
    """A rule for a region, a channel or a limited time is a case of its own beside the general one."""
    products = {name.casefold() for name in one.products}, {name.casefold() for name in other.products}
    return (
        set(one.regions) == set(other.regions)
        and set(one.channels) == set(other.channels)
        and (one.effective_to is None) == (other.effective_to is None)
        and one.audience == other.audience
        and (not all(products) or bool(products[0] & products[1]))
    )


def _names_match(one: ComparedStatement, other: ComparedStatement) -> bool:
    """Whether the products that they name may be the same ones, and so may their variants ("Pro", "XL")."""
    known = series_of(one.hit.passage.title) | series_of(other.hit.passage.title)
    ours, theirs = _models(one, known), _models(other, known)
    if ours and theirs and not ours & theirs:
        return False
    if _variants(one) != _variants(other):
        return False
    return _own_names(one) <= _names(other) and _own_names(other) <= _names(one)


def _variants(statement: ComparedStatement) -> frozenset[str]:
    return frozenset(_VARIANT.findall(_all_of(statement)))


def _models(statement: ComparedStatement, known: frozenset[str]) -> set[tuple[str, str]]:
    """The models that the sentence or its question names, else those of the title."""
    for text in (f"{statement.text}\n{statement.asked}", statement.hit.passage.title):
        found = find_model_names(text, tuple(find_facts(text, statement.language)), known)
        if found:
            return {(model.series, model.value) for model in found}
    return set()


def _own_names(statement: ComparedStatement) -> frozenset[str]:
    """The names that the sentence, or the FAQ's question, gives. In a table's row every cell begins with a capital."""
    own = "" if statement.hit.passage.kind == "table_row" else statement.text
    return _names_in(f"{statement.asked}\n{own}", statement.language)


def _names(statement: ComparedStatement) -> frozenset[str]:
    """All that may be a name in what is said, asked and written above."""
    return frozenset(name.casefold() for name in _LATIN.findall(_all_of(statement)))


def _all_of(statement: ComparedStatement) -> str:
    return f"{statement.hit.passage.title}\n{statement.heading}\n{statement.text}"


@lru_cache(maxsize=8192)
def _names_in(text: str, language: str) -> frozenset[str]:
    if language in CAPITALISED_NOUNS:
        return frozenset()
    pattern = _LATIN if language in {"zh", "ja"} else _CAPITALISED
    regions = {text[region.start : region.end].casefold() for region in find_regions(text)}
    return frozenset(name.casefold() for name in pattern.findall(text)) - _NO_NAMES - regions


def _regions_of(statement: ComparedStatement) -> frozenset[str]:
    """The regions, and in Chinese the places, that the sentence and its heading name."""
    text = f"{statement.heading}\n{statement.text}"
    named = {region.code for region in find_regions(text)}
    if statement.language == "zh":
        places = {text[place.start : place.end] for place in find_places(text)} - _NO_PLACES
        named |= {place for place in places if not find_regions(place)}
    return frozenset(named)
