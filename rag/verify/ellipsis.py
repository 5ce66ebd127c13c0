"""Numbers that leave their unit out, because one before them has it: "the machine for two years, its motor for five"."""

import re

from rag.facts.fact import Fact
from rag.verify.checked_passage import Statement
from rag.verify.fact_kind import names_a_model

_NO_NOUN_BEHIND = re.compile(
    r"\s?(?:[.,;:)!?，。；、）]|$)|\s(?:and|or|but|because|if|when|for|from|in|on|at|by|und|oder|weil|bei|et|ou|pour|chez)\b", re.IGNORECASE
)


def leaves_out_unit(told: Fact, statement: Statement) -> bool:
    """Whether no noun stands behind the number ``told`` of ``statement`` that it could count, and it is part of no name."""
    return bool(_NO_NOUN_BEHIND.match(statement.text, told.end)) and not names_a_model(told, statement.text)


def shares_unit(told: Fact, fact: Fact, statement: Statement) -> bool:
    """Whether the bare number ``told`` has the unit of one before it, of the kind of ``fact``: "gold for 10 years, silver for 3"."""
    if fact.is_bare or not told.is_bare or not leaves_out_unit(told, statement):
        return False
    before = [one for one in statement.facts if one.end <= told.start and not one.is_bare and one.kind == "number"]
    return bool(before) and fact.comparable(before[-1])
