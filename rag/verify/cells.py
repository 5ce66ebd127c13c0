"""Rows of tables ("Property: Flight time | Skitter 2: 11 minutes | Skitter 2 Pro: 19 minutes"): which cell a claim speaks of."""

import re
from dataclasses import dataclass

from rag.facts.fact import Fact
from rag.verify.checked_passage import Statement

_CELL = re.compile(r"(?:^|\|\s)(?P<label>[^|:：]{1,60})[:：]\s(?P<value>[^|]*)")


@dataclass(frozen=True, slots=True)
class _Cell:
    label: str
    start: int
    end: int


def rival_in_row(fact: Fact, claim: str, statement: Statement) -> Fact | None:
    """What the row has under the label that ``claim`` names, when that is of the kind of ``fact`` and does not agree with it; else None.

    Only where two cells have something of that kind. A label within a longer one that is named does not count ("Skitter 2" in
    "Skitter 2 Pro").
    """
    told = [(cell, other) for cell in _cells(statement.text) for other in statement.facts if cell.start <= other.start < cell.end]
    rivals = [(cell, other) for cell, other in told if fact.comparable(other)]
    if len({cell.label for cell, _ in rivals}) < 2:
        return None
    named = _named({cell.label for cell, _ in rivals}, claim.casefold())
    under = [other for cell, other in rivals if cell.label in named]
    if not under or any(fact.agrees(other) for other in under):
        return None
    return under[0]


def _cells(row: str) -> list[_Cell]:
    found = [_Cell(match["label"].strip().casefold(), *match.span("value")) for match in _CELL.finditer(row)]
    return found if len(found) > 1 else []


def _named(labels: set[str], claim: str) -> set[str]:
    """The labels that stand in ``claim``, each where no longer one does."""
    named = set()
    for label in sorted(labels, key=len, reverse=True):
        pattern = rf"(?<!\w){re.escape(label)}(?!\w)" if label.isascii() else re.escape(label)
        if re.search(pattern, claim):
            named.add(label)
            claim = re.sub(pattern, " ", claim)
    return named
