"""The interchangeable parts of a question: model, error code, quantity, date, region. A follow-up often names only the new one."""

import re
from collections.abc import Iterator
from functools import lru_cache

from kb.text.question_language import question_language
from rag.facts.code import Code
from rag.facts.fact import Fact, find_facts
from rag.facts.region import Region, find_regions

Slot = Fact | Region
_NAME_BEFORE = re.compile(r"(?:(?<=[^.!?\n]\s)[A-ZÀ-Þ][\w'’+-]*[ -])*(?<!\w)[A-ZÀ-Þ][\w'’+-]*[ -]$|[\u4e00-\u9fff]{2} ?$")
"""The word before a number, with more words with a capital before it unless they open the sentence ("The Warmly 12")."""
_VARIANT = re.compile(r" (?:Pro|Plus|Max|Mini|Lite|Air|Ultra)\b")
_NO_PRODUCT = re.compile(r"(?:e|f|er|err)\d{1,3}|ipx?\d{1,2}k?")
"""Error codes and protection classes."""
_COMPARES = re.compile(r"\bthan\b|\bcompared?\b|\bversus\b|\bvs\b|\bboth\b|\bals\b|\bque (?:el|la|le)\b|比|区别|哪个更", re.IGNORECASE)


def products_in(text: str) -> list[str]:
    """The names of products that hold a model number or code, from left to right ("Rovo 310", "清风 40", "M4")."""
    return list(_distinct_products(text))


@lru_cache(maxsize=256)  # one answer asks up to six times about the same question
def _distinct_products(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_products(text)))


def _products(text: str) -> Iterator[str]:
    for fact in find_facts(text, question_language(text)):
        before = _NAME_BEFORE.search(text[: fact.start])
        is_code = isinstance(fact.content, Code) and not _NO_PRODUCT.fullmatch(fact.content.value)
        if is_code or (before and _is_bare_number(fact, text)):
            variant = _VARIANT.match(text, fact.end)
            yield text[before.start() if before else fact.start : variant.end() if variant else fact.end]


def substitute(earlier: str, later: str) -> str:
    """``earlier`` asked for what ``later`` names instead: "Is a Rovo 310 loud?" and "the 320?" make "Is a Rovo 320 loud?".

    Only what has exactly one counterpart of its kind and form is put in; nothing where ``later`` compares the two.
    """
    if _COMPARES.search(later):
        return earlier
    for new in _slots(later):
        old = [slot for slot in _slots(earlier) if _alike(slot, new, earlier, later)]
        if len(old) == 1:
            earlier = f"{earlier[: old[0].start]}{later[new.start : new.end]}{earlier[old[0].end :]}"
    return earlier


def _slots(text: str) -> list[Slot]:
    return [*find_facts(text, question_language(text)), *find_regions(text)]


def _alike(old: Slot, new: Slot, earlier: str, later: str) -> bool:
    """Whether ``new`` may stand where ``old`` does."""
    if isinstance(old, Region) or isinstance(new, Region):
        return isinstance(old, Region) and isinstance(new, Region)
    if _is_bare_number(old, earlier) or _is_bare_number(new, later):
        return _is_bare_number(old, earlier) and _is_bare_number(new, later) and old.end - old.start == new.end - new.start
    if isinstance(old.content, Code) and isinstance(new.content, Code):
        return _letters(old.content) == _letters(new.content)
    return old.comparable(new)


def _is_bare_number(fact: Fact, text: str) -> bool:
    return fact.is_bare and text[fact.start : fact.end].isdigit()


def _letters(code: Code) -> str:
    return re.sub(r"\d", "", code.value)
