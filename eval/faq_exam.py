"""A shop's own FAQ pairs as an exam: each question must still find its pair. Search only, so hundreds take seconds."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from eval.exam import ExamKind, ExamOutcome, ExamQuestion
from eval.golden import FOUND_WITHIN
from kb.passage import Passage
from kb.scope import SearchScope
from kb.search import Hit, HybridSearch
from kb.version import Version

AT_MOST = 300
"""Pairs that are asked: their share that breaks is then known to about two points."""
BATCH = 32
READ_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class FaqPair:
    """A question and the texts of the passages that answer it, for whom it was written: ``scope``."""

    question: str
    texts: frozenset[str]
    scope: SearchScope


class FaqExam:
    """Searches with ``search``. Pairs are asked in their own region, channel and product, those for everywhere in ``region``."""

    kind: ExamKind = "faq"

    def __init__(self, search: HybridSearch, today: date, region: str | None = None) -> None:
        self._search = search
        self._today = today
        self._region = region

    def questions(self, staged: Version) -> list[ExamQuestion]:
        """Those of all pairs in force, or of so many by the hash of their ids: every night the same as long as they stay."""
        pairs = faq_pairs(staged, self._today, self._region)
        return [ExamQuestion(name, pairs[name].question, name, self._today.isoformat()) for name in sorted(pairs)[:AT_MOST]]

    def sit(self, version: Version, ids: Sequence[str], advance: Callable[[int], None]) -> Mapping[str, ExamOutcome]:
        """Searches for the questions, those of one scope together; pairs that ``version`` lacks have no outcome."""
        pairs = faq_pairs(version, self._today, self._region)
        advance(sum(name not in pairs for name in ids))
        outcomes: dict[str, ExamOutcome] = {}
        scopes: dict[SearchScope, list[str]] = defaultdict(list)
        for name in ids:
            if name in pairs:
                scopes[pairs[name].scope].append(name)
        for scope, names in scopes.items():
            for start in range(0, len(names), BATCH):
                batch = names[start : start + BATCH]
                found = self._search.search(version, [pairs[name].question for name in batch], FOUND_WITHIN, scope)
                outcomes.update((name, _judge(pairs[name], hits)) for name, hits in zip(batch, found, strict=True))
                advance(len(batch))
        return outcomes


def faq_pairs(version: Version, today: date, region: str | None = None) -> dict[str, FaqPair]:
    """The pairs of ``version`` in force on ``today``, by an id made of document, question and scope: an edited answer keeps it."""
    public = frozenset(version.admission.ordinals("public").tolist())
    pairs: dict[str, FaqPair] = {}
    ordinals = version.ordinals_of_kind("faq")
    for start in range(0, len(ordinals), READ_AT_ONCE):
        part = ordinals[start : start + READ_AT_ONCE]
        for ordinal, passage in zip(part, version.passages(part), strict=True):
            own = passage.scope
            scope = SearchScope(
                as_of=today,
                audience="public" if ordinal in public else "internal",
                region=own.regions[0] if own.regions else region,
                channel=own.channels[0] if own.channels else None,
                product=own.products[0] if own.products else None,
            )
            if version.admission.mask(scope)[ordinal]:
                question = passage.text.partition("\n")[0]
                name = _pair_id(passage, question)
                texts = pairs[name].texts if name in pairs else frozenset()
                pairs[name] = FaqPair(question, texts | {passage.text}, scope)
    return pairs


def _pair_id(passage: Passage, question: str) -> str:
    own = passage.scope
    limits = "\1".join((own.audience, *own.regions, "", *own.channels, "", *own.products))
    return f"faq-{hashlib.sha256(chr(0).join((passage.document_id, question, limits)).encode()).hexdigest()[:16]}"


def _judge(pair: FaqPair, hits: Sequence[Hit]) -> ExamOutcome:
    if any(hit.passage.text in pair.texts for hit in hits):
        return ExamOutcome("", f"found among the first {FOUND_WITHIN}")
    first = f"found first: {hits[0].passage.text.partition(chr(10))[0]} ({hits[0].document})" if hits else "nothing was found"
    return ExamOutcome(f"its pair is not among the first {FOUND_WITHIN} found", first)
