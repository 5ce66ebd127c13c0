"""Names that are written apart on one side and joined on the other: "Glow-3" and "Glow 3", "S 14" and "S14"."""

import re

from rag.facts.code import Code
from rag.facts.fact import Fact

_LETTERS_BEFORE = re.compile(r"(?<![\w-])(?P<letters>[A-Z]{1,4})[ -]$")
_EDGE = re.compile(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])")


def is_spelt_otherwise(fact: Fact, claim: str, told: str) -> bool:
    """Whether ``fact`` of ``claim``, a code or the number of a name, stands in the passage's text ``told`` with other gaps in it."""
    if isinstance(fact.content, Code):
        apart = r"[\s-]?".join(map(re.escape, _EDGE.split(fact.content.value)))
        return re.search(rf"(?<![a-z\d]){apart}(?![a-z\d])", told.casefold()) is not None
    letters = _LETTERS_BEFORE.search(claim, 0, fact.start) if fact.is_bare else None
    if letters is None:
        return False
    return re.search(rf"(?<![\w-]){letters['letters']}-?{re.escape(claim[fact.start : fact.end])}(?!\w)", told) is not None
