"""Takes out of the evidence what speaks to a language model instead of to a reader."""

from dataclasses import replace
from functools import lru_cache

from kb.search import Hit
from kb.text.instructions import Instruction, find_instructions
from rag.draft import Evidence, ScoredUnit

REMEMBERED = 2048
"""Texts whose stretches are kept: looking through one takes a millisecond or two."""


def screened(evidence: Evidence) -> Evidence:
    """``evidence`` without flagged passages, unless nothing else is there, and without flagged sentences to quote, in any case."""
    clean = tuple(hit for hit in evidence.hits if not is_flagged(hit))
    units = tuple(scored for scored in evidence.units if not _is_flagged_unit(scored))
    if len(clean) == len(evidence.hits) and len(units) == len(evidence.units):
        return evidence
    return replace(evidence, hits=clean or evidence.hits, units=units)


def is_flagged(hit: Hit) -> bool:
    """Whether the passage, its title or its headings speak to a language model."""
    return bool(_instructions(hit.passage.encoded_text))


def _is_flagged_unit(scored: ScoredUnit) -> bool:
    unit = scored.unit
    return any(found.start < unit.end and found.end > unit.start for found in _instructions(unit.hit.passage.text))


@lru_cache(REMEMBERED)
def _instructions(text: str) -> tuple[Instruction, ...]:
    return find_instructions(text)
