"""What a number is to a claim: a value that can be wrong, part of a name, or a way of speaking."""

import re

from rag.facts.fact import Fact
from rag.facts.quantity import Quantity

_OPENING = frozenset(
    "about after all and any around as at before between both but by each every first for from hold in keep leave less more nearly"
    " only or over press the then these those than to under until up use wait when with within".split()
)
"""Words that begin a sentence with a capital, and name nothing."""
_NAME_BEFORE = re.compile(r"(?<!\w)[A-ZÀ-Þ]\w+[ -]?$")


def names_a_model(fact: Fact, text: str) -> bool:
    """Whether the number is part of a name in ``text``: "Rovo 310"."""
    before = _NAME_BEFORE.search(text, 0, fact.start) if fact.is_bare else None
    return before is not None and before.group().strip(" -").lower() not in _OPENING


def is_soft(fact: Fact) -> bool:
    """One and two are also said without a number ("again", "both", "the second"): they only count against another number."""
    content = fact.content
    return isinstance(content, Quantity) and content.dimension in {None, "times"} and max(content.values) <= 2


def is_count_of_times(fact: Fact) -> bool:
    """Whether it says how often: "sounds three times" are three sounds."""
    return isinstance(fact.content, Quantity) and fact.content.dimension == "times"


def is_rate(fact: Fact) -> bool:
    """Whether a unit without a number says it: "yearly", "a day". Beside a stretch of time that is how often, not how long."""
    return isinstance(fact.content, Quantity) and fact.content.dimension is not None and not fact.content.written
