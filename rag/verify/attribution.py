"""Of several products or regions in a passage, the one of which a claim's words are said.

"Parcels to Ireland cost £16; parcels to France cost £24": a claim about France that shares the words of the first half speaks of Ireland.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kb.scope import region_contains
from rag.facts.code import Code
from rag.facts.demonym import find_demonyms
from rag.facts.fact import Fact, find_facts
from rag.facts.model_name import find_model_names
from rag.facts.place import find_places
from rag.facts.region import find_regions
from rag.facts.span import Span, overlaps
from rag.verify.binding import ClaimFacts
from rag.verify.cells import row_names
from rag.verify.checked_passage import CheckedPassage, Statement
from rag.verify.fact_kind import is_soft
from rag.verify.problem import Problem, ProblemKind
from rag.verify.wording import NEGATIONS
from rag.verify.words import telling_words, weight

_CUT = re.compile(r"[;；。，]|[.!?](?=\s|$)|,?\s(?:while|whereas|but)\s")
_VARIANT = re.compile(
    r"[\s-]?(?:Pro|Max|Plus|Mini|Lite|Air(?! ?(?:Fryer|Purifier|Condition|Compressor|Cooler|Pump|Mattress))|Ultra"
    r"|Studio|Neo|Duo|SE|GT|XL|XT|BT|II|III|IV)(?![A-Za-z0-9])|\s?[\u4e00-\u9fff]{2}版"
)
_NEGATED = re.compile(NEGATIONS, re.IGNORECASE)
_BUT_NOT = re.compile(r"\s?(?:以外|之外)")
MODEL, REGION, ROW = "model", "region", "row"
CLEARLY_MORE = 1.0
"""By how much more of the claim's words, as `weight` counts them, a stretch must hold than any that names what the claim names."""


@dataclass(frozen=True, slots=True)
class Known:
    """The product ``series`` that a passage names, and the names of its tables' ``rows`` in small letters."""

    series: frozenset[str]
    rows: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Subject:
    """What is spoken of at ``text[start:end]``. Only those of one ``kind`` are compared: models, regions, codes with the same letters.

    ``base`` and ``variant`` are a product's: "t3" and "mini".
    """

    start: int
    end: int
    kind: str
    names: frozenset[str]
    base: str = ""
    variant: str = ""


@dataclass(frozen=True, slots=True)
class _Stretch:
    text: str
    subjects: tuple[Subject, ...]
    facts: tuple[Fact, ...]
    words: frozenset[str]
    negated: bool

    def names(self, kind: str) -> frozenset[str]:
        return _names(self.subjects, kind)

    def tells(self, claim: ClaimFacts) -> int:
        """How many facts of the claim it has, the numbers of names aside."""
        values = [told for told in self.facts if not overlaps(told, self.subjects)]
        return sum(any(fact.agrees(told) for told in values) for fact in claim.facts if not is_soft(fact))


def find_attribution_problems(claim: ClaimFacts, passage: CheckedPassage) -> Iterator[Problem]:
    """The products and regions of ``claim`` of which the passage says something else, and the claim's words of another one."""
    if claim.language != passage.language:
        return
    known = Known(passage.series, row_names(tuple(statement.text for statement in passage.statements)))
    stretches = [stretch for statement in passage.statements for stretch in _cut_up(statement, passage.language, known)]
    subjects = sorted(subjects_of(claim.text, claim.facts, claim.language, known), key=lambda subject: subject.start)
    for kind in dict.fromkeys(subject.kind for subject in subjects):
        ours = [subject for subject in subjects if subject.kind == kind]
        if (other := _spoken_of(claim, ours, kind, stretches)) is not None:
            shown: ProblemKind = "region" if kind == REGION else "name"
            yield Problem(shown, claim.text[ours[0].start : ours[0].end], ours[0].start, ours[0].end, other)


def _spoken_of(claim: ClaimFacts, ours: Sequence[Subject], kind: str, stretches: Sequence[_Stretch]) -> str | None:
    """What the stretch with most of the claim's words names instead; None where it names what the claim does, or nothing."""
    excepted = frozenset[str]().union(*(subject.names for subject in ours if _BUT_NOT.match(claim.text, subject.end)))
    named = _names(ours, kind) - excepted
    words = _words_beside(claim.text, ours, claim.language)
    negated = bool(_NEGATED.search(claim.text))
    rivals = [one for one in stretches if one.names(kind) and one.negated == negated and not _meet(named, one.names(kind))]
    own = [one for one in stretches if _meet(named, one.names(kind))]
    if not rivals or not (own or excepted):
        return None
    best = max(rivals, key=lambda one: weight(one.words & words))
    told = next(subject for subject in best.subjects if subject.kind == kind)
    if excepted & best.names(kind):
        return best.text[told.start : told.end]
    known = max((weight(one.words & words) for one in own), default=0.0)
    if any(one.tells(claim) > best.tells(claim) for one in own):
        return None
    return best.text[told.start : told.end] if weight(best.words & words) >= known + CLEARLY_MORE else None


def _names(subjects: Sequence[Subject], kind: str) -> frozenset[str]:
    return frozenset[str]().union(*(subject.names for subject in subjects if subject.kind == kind))


def _meet(ours: frozenset[str], told: frozenset[str]) -> bool:
    """Whether what is told holds for any of ours: of the same name, or of a group that it belongs to."""
    return any(region_contains(rule, name) for name in ours for rule in told)


@lru_cache(maxsize=8192)
def _cut_up(statement: Statement, language: str, known: Known) -> tuple[_Stretch, ...]:
    text = statement.text
    edges = [0, *(match.end() for match in _CUT.finditer(text)), len(text)] if " | " not in text else [0, len(text)]
    return tuple(_stretch(text[start:end], language, known) for start, end in zip(edges, edges[1:], strict=False) if start < end)


def _stretch(text: str, language: str, known: Known) -> _Stretch:
    facts = tuple(find_facts(text, language))
    subjects = tuple(subjects_of(text, facts, language, known))
    return _Stretch(text, subjects, facts, _words_beside(text, subjects, language), bool(_NEGATED.search(text)))


def subjects_of(text: str, facts: tuple[Fact, ...], language: str, known: Known) -> list[Subject]:
    """The products and regions that ``text`` speaks of, and what it names that rows are named by; ``facts`` are its facts."""
    return list(_subjects(text, facts, language, known))


def _subjects(text: str, facts: tuple[Fact, ...], language: str, known: Known) -> Iterator[Subject]:
    for name in known.rows:
        for match in re.finditer(rf"\b{re.escape(name)}\b" if name.isascii() else re.escape(name), text.casefold()):
            if not (name.isascii() and text[match.start()].islower()):
                yield Subject(match.start(), match.end(), ROW, frozenset({name}))
    codes = [fact.content for fact in facts if isinstance(fact.content, Code)]
    for model in find_model_names(text, facts, known.series):
        if not overlaps(model, codes):
            yield _product(text, model, MODEL, f"{model.series} {model.value}")
    for code in codes:
        yield _product(text, code, re.sub(r"\d.*", "", code.value), code.value)
    for region in (*find_regions(text), *find_demonyms(text)):
        yield Subject(region.start, region.end, REGION, frozenset({region.code}))
    for place in find_places(text) if language == "zh" else ():
        yield Subject(place.start, place.end, REGION, place.names)


def _product(text: str, named: Span, kind: str, name: str) -> Subject:
    """The product ``name``, and the variant of it where the text goes on with one: an "M4 II" is no "M4"."""
    variant = _VARIANT.match(text, named.end)
    end = variant.end() if variant is not None else named.end
    added = variant.group().casefold().strip(" -") if variant is not None else ""
    return Subject(named.start, end, kind, frozenset({name + added}), re.sub(r"\W", "", name), added)


def _words_beside(text: str, spans: Sequence[Span], language: str) -> frozenset[str]:
    for span in spans:
        text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    return telling_words(text, language)
