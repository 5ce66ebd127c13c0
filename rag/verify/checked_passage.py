"""A passage as claims are held against it: cut into sentences, with the facts of each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from kb.passage import Passage
from kb.search import Hit
from rag.facts.fact import Fact, find_facts
from rag.facts.model_name import series_of, series_within
from rag.reader import Reading
from rag.unit import units_of

REMEMBERED = 4096
"""Passages that stay cut up."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence or row ``text`` and its ``facts``."""

    text: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class CheckedPassage:
    """``statements`` are the sentences; ``heading`` is title, headings and an FAQ's question: what they are about.

    ``series`` are the product series that heading and text name.
    """

    hit: Hit
    heading: Statement
    statements: tuple[Statement, ...]
    reading: Reading
    series: frozenset[str]

    @property
    def language(self) -> str:
        """The passage's language."""
        return self.hit.passage.language

    @property
    def question(self) -> str:
        """The question of an FAQ pair; empty otherwise."""
        return next(iter(_question(self.hit)), "")

    @property
    def text(self) -> str:
        """Heading and passage: all that it says."""
        return f"{self.heading.text}\n{self.hit.passage.text}"


def checked_passage(hit: Hit) -> CheckedPassage:
    """``hit`` made ready for claims."""
    units = units_of([hit])
    passage = hit.passage
    heading = "\n".join(dict.fromkeys((passage.title, *passage.heading_path, *_question(hit))))
    statements = tuple(_statement(unit.text, passage.language) for unit in units)
    context = units[0].context if units else passage.title
    reading = Reading(context, tuple(unit.text for unit in units))
    return CheckedPassage(hit, _statement(heading, passage.language), statements, reading, series_of(heading) | series_within(passage.text))


def known_passage(hit: Hit) -> CheckedPassage:
    """`checked_passage`, remembered by passage: the same ones come again with other scores."""
    return replace(_cut_up(hit.passage), hit=hit)


@lru_cache(maxsize=REMEMBERED)
def _cut_up(passage: Passage) -> CheckedPassage:
    return checked_passage(Hit(passage, "", "", 0.0, 0.0, 0.0, 0.0))


def _question(hit: Hit) -> Sequence[str]:
    return [hit.passage.text.split("\n", 1)[0]] if hit.passage.kind == "faq" else []


def _statement(text: str, language: str) -> Statement:
    return Statement(text, tuple(find_facts(text, language)))
