"""Units: the whole sentences and table rows of found passages, the only things an extractive answer is made of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kb.search import Hit
from kb.text.sentences import split_sentences

MIN_CHARACTERS = 2
LONGEST_ENTRY = 400
_ENTRY = re.compile(r"[A-Z]{1,4}-?\d{1,4}\s*(?:[:：]|[–—-]\s)")
"""The beginning of an entry in a list of codes: "E5: Water pressure too low. Open the valve" and the like."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One sentence or row. ``text == hit.passage.text[start:end]``; ``rank`` is the hit's place, from 0."""

    hit: Hit
    rank: int
    start: int
    end: int

    @property
    def text(self) -> str:
        """The sentence or row, literally."""
        return self.hit.passage.text[self.start : self.end]

    @property
    def context(self) -> str:
        """What the unit needs to be understood: the question of an FAQ pair, else the title and the nearest heading."""
        passage = self.hit.passage
        if passage.kind == "faq":
            return passage.text.split("\n", 1)[0]
        return " ".join(dict.fromkeys((passage.title, *passage.heading_path[-1:])))


def units_of(hits: Sequence[Hit]) -> list[Unit]:
    """The units of ``hits``, in order. Headings are left out, and so is the question of an FAQ pair."""
    return [unit for rank, hit in enumerate(hits) for unit in _units_of_hit(hit, rank)]


def _units_of_hit(hit: Hit, rank: int) -> list[Unit]:
    passage = hit.passage
    body = passage.text.find("\n") + 1 if passage.kind == "faq" else 0
    headings = {passage.title, *passage.heading_path}
    units = []
    for start, end in _entries_joined(passage.text, _spans(passage.text, body, passage.kind == "table_row", passage.language)):
        if end - start >= MIN_CHARACTERS and passage.text[start:end] not in headings:
            units.append(Unit(hit, rank, start, end))
    return units


def _spans(text: str, body: int, rows: bool, language: str) -> list[tuple[int, int]]:
    if not rows:
        return [(body + start, body + end) for start, end in split_sentences(text[body:], language)]
    spans, start = [], body
    for line in text[body:].split("\n"):
        spans.append((start, start + len(line)))
        start += len(line) + 1
    return spans


def _entries_joined(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """``spans`` with the sentences of one line that begins with a code joined: what E5 means is half of it, what to do the other half."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and _are_one_entry(text, joined[-1][0], start, end):
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return joined


def _are_one_entry(text: str, first: int, start: int, end: int) -> bool:
    return end - first <= LONGEST_ENTRY and "\n" not in text[first:start] and _ENTRY.match(text, first) is not None
