"""Whether a declined question gets the right reason: is there a rule for elsewhere or another day, or none?

``citedesk eval reasons``. The questions (``eval/outside_scope.jsonl``) are about the sample shop. Some are answered only by texts for other
regions, days or channels, the others by a text that holds here, or by none. Only those that are declined have a reason.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from eval.json_lines import read_json_lines
from eval.question import Half, half_of
from kb.errors import ConfigurationError
from kb.version import Version
from rag.pipeline import Answerer
from rag.query import Query

QUESTIONS_FILE = Path(__file__).with_name("outside_scope.jsonl")
DAY = date(2026, 11, 30)
"""Today, for what is in force changes with it."""


@dataclass(frozen=True, slots=True)
class ReasonCase:
    """A question from a standpoint, and whether only a text for elsewhere or another day answers it (``outside``)."""

    id: str
    question: str
    outside: bool
    region: str | None = None
    channel: str | None = None
    as_of: date | None = None

    @property
    def half(self) -> Half:
        """``tune`` or ``test``, by a hash of the id."""
        return half_of(self.id)

    @property
    def query(self) -> Query:
        """The question as a caller would put it who names day and place."""
        placed = Query(self.question, DAY, region=self.region, channel=self.channel, request_id=f"reason-{self.id}")
        return placed if self.as_of is None else replace(placed, as_of=self.as_of, today=DAY)


@dataclass(frozen=True, slots=True)
class GivenReason:
    """What became of a question: why it was declined, or None."""

    case: ReasonCase
    reason: str | None

    @property
    def false(self) -> bool:
        """Whether a rule for elsewhere is spoken of where there is none, or none where there is one."""
        return self.reason is not None and (self.reason == "outside_scope") != self.case.outside


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """How many questions of a half and kind there are, are declined, and how many of these are given a rule for elsewhere as the reason."""

    half: str
    kind: str
    questions: int
    declined: int
    outside_scope: int


def read_cases(path: Path = QUESTIONS_FILE) -> list[ReasonCase]:
    """The questions in ``path``, one JSON object a line. Raises ConfigurationError: there are none, or a line is malformed."""
    cases = read_json_lines(path, _case, "A question")
    if not cases:
        raise ConfigurationError(f"There are no questions in {path}.")
    return cases


def ask(
    answerer: Answerer, version: Version, cases: Sequence[ReasonCase], advance: Callable[[int], None] = lambda _: None
) -> list[GivenReason]:
    """What becomes of each question."""

    async def all_of_them() -> list[GivenReason]:
        given = []
        for case in cases:
            answer = await answerer.collect(case.query, version)
            given.append(GivenReason(case, answer.reason if answer.abstained else None))
            advance(1)
        return given

    return asyncio.run(all_of_them())


def tabulate(given: Sequence[GivenReason]) -> list[ReasonRow]:
    """For each half the questions that a text for elsewhere answers, and the others."""
    return [_row(half, outside, given) for half in ("tune", "test") for outside in (True, False)]


def _row(half: str, outside: bool, given: Sequence[GivenReason]) -> ReasonRow:
    ours = [one for one in given if (one.case.half, one.case.outside) == (half, outside)]
    reasons = [one.reason for one in ours if one.reason is not None]
    kind = "answered elsewhere only" if outside else "answered here or nowhere"
    return ReasonRow(half, kind, len(ours), len(reasons), reasons.count("outside_scope"))


def _case(entry: dict[str, Any]) -> ReasonCase:
    day = entry.get("as_of")
    return ReasonCase(**{**entry, "as_of": date.fromisoformat(day) if day else None})
