"""Rows of tables ("Property: Flight time | Skitter 2: 11 minutes | Skitter 2 Pro: 19 minutes"): which cell and row a claim means."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.facts.fact import Fact, find_facts
from rag.verify.binding import ClaimFacts
from rag.verify.checked_passage import CheckedPassage, Statement
from rag.verify.words import telling_words

_PAIR = re.compile(r"(?P<label>[^|:：]{1,60})[:：]\s[^|]*")
"""A row of a table with two columns."""
_NAME = re.compile(r"[A-ZÀ-Þ][^\W\d_]+(?: [A-ZÀ-Þ][^\W\d_]+)?|[\u4e00-\u9fff]{2,6}")
_CELL = re.compile(r"(?:^|\|\s)(?P<label>[^|:：]{1,60})[:：]\s(?P<value>[^|]*)")


LEAST_OF_LABEL = 0.4
"""The share of a label's words that names its row, where a table has nothing but labels and values: "paper" is not "paper clips"."""


@dataclass(frozen=True, slots=True)
class _Cell:
    label: str
    value: str
    start: int
    end: int

    def holds(self, fact: Fact) -> bool:
        return self.start <= fact.start < self.end


def rival_in_row(fact: Fact, claim: ClaimFacts, statement: Statement) -> Fact | None:
    """What the row has under the label that ``claim`` names, when that is of the kind of ``fact`` and does not agree with it; else None.

    Only where two cells have something of that kind. A label within a longer one that is named does not count ("Skitter 2" in
    "Skitter 2 Pro"). The first cell is what the row is about: its figures may be repeated beside what stands under the label.
    """
    cells = _cells(statement.text)
    rivals = [(cell, other) for cell in cells for other in statement.facts if cell.holds(other) and fact.comparable(other)]
    if len({cell.label for cell, _ in rivals}) < 2:
        return None
    named = _named({cell.label for cell, _ in rivals}, claim)
    under = [other for cell, other in rivals if cell.label in named]
    if not under or any(fact.agrees(other) for other in under):
        return None
    repeated = any(cells[0].holds(other) and fact.agrees(other) for other in statement.facts)
    return None if repeated and any(fact is not one and one.agrees(under[0]) for one in claim.facts) else under[0]


def names_another_row(clause: str, claim: ClaimFacts, statement: Statement, passage: CheckedPassage) -> bool:
    """Whether ``clause`` has words by which another row of the table is named, and neither words nor figures by which this one is."""
    keys = _keys(tuple(one.text for one in passage.statements), passage.language)
    if statement.text not in keys or _tells_first_cell(claim, statement):
        return False
    others = [other for other in passage.statements if other.text != statement.text and other.text in keys]
    if any(_tells_first_cell(claim, other, bare=False) for other in others):
        return True
    words = telling_words(clause, passage.language)
    least = LEAST_OF_LABEL if _PAIR.fullmatch(statement.text) else 0.0
    return not keys[statement.text] & words and any(
        len(key & words) > least * len(key) for row, key in keys.items() if row != statement.text
    )


def _tells_first_cell(claim: ClaimFacts, statement: Statement, bare: bool = True) -> bool:
    """Whether ``claim`` tells a figure of the row's first cell; without ``bare`` only figures with a unit, dates and codes count."""
    cells = _cells(statement.text)
    if not cells:
        return False
    first = cells[0]
    figures = [other for other in statement.facts if first.holds(other) and (bare or not other.is_bare)]
    return any(one.agrees(other) for one in claim.facts if bare or not one.is_bare for other in figures)


def label_of_other_words(claim: ClaimFacts, statement: Statement, language: str) -> str | None:
    """The label that ``claim`` names, where its words stand under another one and none of them under this.

    Only among columns for things of one kind, as their names tell: "M4" and "M4 II", 霜枝 and 霜枝长款.
    """
    cells = _cells(statement.text)[1:]
    named = _named({cell.label for cell in cells}, claim)
    ours = [cell for cell in cells if cell.label in named]
    if len(ours) != 1 or not any(ours[0].label in cell.label or cell.label in ours[0].label for cell in cells if cell is not ours[0]):
        return None
    words = telling_words(claim.text, language) - telling_words(" ".join(cell.label for cell in cells), language)
    under = telling_words(ours[0].value, language)
    others = [telling_words(cell.value, language) for cell in cells if cell is not ours[0]]
    return ours[0].label if not words & under and any(len(words & (other - under)) > 1 for other in others) else None


def key_left_out(claim: ClaimFacts, statement: Statement, passage: CheckedPassage, least: float) -> str | None:
    """The first cell of a row, where ``claim`` says what another of its cells does without naming the row, and rows differ in that.

    ``least`` is the share, in (0, 1], of the claim's words that label, cell and heading must have.
    """
    cells = _cells(statement.text)
    words = telling_words(claim.text, passage.language)
    key = telling_words(cells[0].value, passage.language) if cells else frozenset[str]()
    if not key or not words or key & words or _tells_first_cell(claim, statement):
        return None
    heading = telling_words(passage.heading.text, passage.language)
    rows = [row for other in passage.statements if (row := _cells(other.text)) and row[0].label == cells[0].label]
    for cell in cells[1:]:
        told = telling_words(cell.value, passage.language)
        held = words & (told | telling_words(cell.label, passage.language) | heading)
        differ = any(cell.label == other.label and cell.value.strip() != other.value.strip() for row in rows for other in row[1:])
        if differ and words & told and len(held) >= least * len(words):
            return cells[0].value.strip()
    return None


@lru_cache(maxsize=2048)
def row_names(texts: tuple[str, ...]) -> frozenset[str]:
    """What the rows among ``texts`` are named by their first cells: plans, levels, shops; only short names without figures."""
    firsts = [cells[0].value.strip() for text in texts if (cells := _cells(text))]
    return frozenset(name.casefold() for name in firsts if _NAME.fullmatch(name))


@lru_cache(maxsize=2048)
def _keys(texts: tuple[str, ...], language: str) -> dict[str, frozenset[str]]:
    """For each row the words of its first cell, or of its label where there is but one, that stand nowhere else in the passage."""
    firsts = {text: telling_words(cells[0].value, language) for text in texts if (cells := _cells(text))}
    pairs = {text: pair["label"] for text in texts if (pair := _PAIR.fullmatch(text)) is not None}
    if not firsts and len(pairs) == len(texts):
        firsts = {text: telling_words(label, language) for text, label in pairs.items()}
    held = {text: telling_words(text, language) for text in texts}
    return {text: first.difference(*(words for other, words in held.items() if other != text)) for text, first in firsts.items()}


def _cells(row: str) -> Sequence[_Cell]:
    found = [_Cell(match["label"].strip().casefold(), match["value"], *match.span("value")) for match in _CELL.finditer(row)]
    return found if len(found) > 1 else []


def _named(labels: set[str], claim: ClaimFacts) -> set[str]:
    """The labels that stand in ``claim``, each where no longer one does; in other figures too ("6 days" where it says "six days")."""
    named = set()
    text = claim.text.casefold()
    for label in sorted(labels, key=len, reverse=True):
        pattern = rf"(?<!\w){re.escape(label)}(?!\w)" if label.isascii() else re.escape(label)
        if re.search(pattern, text):
            named.add(label)
            text = re.sub(pattern, " ", text)
    return named or {label for label in labels if _told_in_figures(label, claim)}


def _told_in_figures(label: str, claim: ClaimFacts) -> bool:
    facts = find_facts(label, claim.language)
    whole = len(facts) == 1 and facts[0].end - facts[0].start == len(label)
    return whole and not facts[0].is_bare and any(not one.is_bare and one.agrees(facts[0]) for one in claim.facts)
