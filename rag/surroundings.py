"""What is said around an answer of where and when it holds: the day before it, other regions and other days after it."""

import asyncio
import time
from dataclasses import replace

from kb.version import Version
from rag.draft import Evidence
from rag.elsewhere import Elsewhere, holds
from rag.generate.extractive import MARGIN
from rag.standpoint import Standpoint
from rag.validity import Validity
from rag.validity_phrases import as_of_phrase, other_day_phrase, other_regions_phrase


def opening_of(stand: Standpoint, evidence: Evidence, version: Version) -> str | None:
    """The sentence that says of which day the rules are; None for today's, and for those of an order's day that hold today as well."""
    if stand.query.as_of == stand.today or not evidence.units:
        return None
    today = replace(stand.query.scope, as_of=stand.today)
    least = evidence.units[0].score - MARGIN
    used = [scored.unit.hit for scored in evidence.units if scored.score >= least]
    if not stand.sure and all(holds(version, hit, today) for hit in used):
        return None
    return as_of_phrase(stand.query.as_of, stand.query.spoken_language)


async def look_around(elsewhere: Elsewhere, stand: Standpoint, evidence: Evidence, version: Version) -> Validity:
    """The validity of an answer from ``evidence``, with the regions and the day of other rules. Past the deadline none are looked for."""
    found = stand.validity
    if _late(stand) or not evidence.units:
        return found
    found = replace(found, other_regions=await asyncio.to_thread(elsewhere.regions, stand.query, evidence, version))
    day = stand.other_day
    if day is None or _late(stand):
        return found
    differs = await asyncio.to_thread(elsewhere.held_otherwise, stand.query, evidence, day, version)
    return replace(found, other_day=day if differs else None)


def closings_of(validity: Validity, language: str) -> list[str]:
    """The sentences that end an answer of this ``validity``."""
    day = [other_day_phrase(validity.other_day, language)] if validity.other_day is not None else []
    regions = [other_regions_phrase(validity.other_regions, language)] if validity.other_regions else []
    return [*day, *regions]


def _late(stand: Standpoint) -> bool:
    return stand.query.deadline is not None and time.monotonic() > stand.query.deadline
