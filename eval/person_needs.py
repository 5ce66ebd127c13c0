"""Which questions need a person: recall and false alarms on written questions, and how many ordinary ones are taken for such.

``citedesk eval person-needs``
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.json_lines import read_json_lines
from eval.metrics import mean
from eval.question import Half, half_of, read_golden
from eval.shop import read_shops
from kb.errors import ConfigurationError
from rag.person_need import KINDS, PersonKind, PersonNeed, PersonNeedFinder

CASES_FILE = Path(__file__).with_name("person_needs.jsonl")
"""Half need a person, half are near misses; written before there was anything to tune."""
AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class PersonCase:
    """One question. ``topic`` is the kind of need, or the kind that a near miss looks like; ``person``: whether it is one."""

    id: str
    language: str
    question: str
    topic: PersonKind
    person: bool

    @property
    def half(self) -> Half:
        """``tune`` or ``test``, by a hash of the id."""
        return half_of(self.id)


@dataclass(frozen=True, slots=True)
class OrdinaryQuestion:
    """A question that documents answer. ``collection`` says where it stands."""

    collection: str
    half: Half
    language: str
    question: str


@dataclass(frozen=True, slots=True)
class NeedRow:
    """One line of the table, rates in [0, 1]. ``right_kind`` is the share of the recalled whose kind is right."""

    half: str
    topic: str
    language: str
    needs: int
    recall: float
    right_kind: float
    near_misses: int
    false_alarms: float


@dataclass(frozen=True, slots=True)
class FlaggedRow:
    """How many of the ordinary questions of one half of a collection are taken for a need of each kind."""

    collection: str
    half: str
    questions: int
    share: float
    account: int
    law: int
    safety: int


def read_cases(path: Path = CASES_FILE) -> list[PersonCase]:
    """The questions in ``path``, one JSON object a line.

    Raises:
        ConfigurationError: there are none, or a line is malformed.
    """
    cases = read_json_lines(path, lambda entry: PersonCase(**entry), "A question")
    if not cases:
        raise ConfigurationError(f"There are no questions in {path}.")
    return cases


def ordinary_questions() -> list[OrdinaryQuestion]:
    """The answerable golden questions, and those of the invented shops that something answers."""
    golden = [OrdinaryQuestion("golden", one.half, one.language, one.question) for one in read_golden() if one.answerable]
    shops = [
        OrdinaryQuestion("shops", shop.half, one.language, one.question) for shop in read_shops() for one in shop.questions if one.passages
    ]
    return golden + shops


def find_all(
    finder: PersonNeedFinder, questions: Sequence[PersonCase | OrdinaryQuestion], advance: Callable[[int], None] = lambda _: None
) -> list[PersonNeed | None]:
    """What ``finder`` finds in each question; ``advance`` is told how many more are done."""
    found: list[PersonNeed | None] = []
    for start in range(0, len(questions), AT_ONCE):
        batch = questions[start : start + AT_ONCE]
        found += finder.find_all([one.question for one in batch], [one.language for one in batch])
        advance(len(batch))
    return found


def tabulate(cases: Sequence[PersonCase], found: Sequence[PersonNeed | None]) -> list[NeedRow]:
    """For each half: a row a kind, a row a language, and one of all."""
    judged = list(zip(cases, found, strict=True))
    rows = []
    for half in ("tune", "test"):
        ours = [one for one in judged if one[0].half == half]
        rows += [_row(half, kind, "all", [one for one in ours if one[0].topic == kind]) for kind in KINDS]
        languages = sorted({case.language for case, _ in ours})
        rows += [_row(half, "all", name, [one for one in ours if one[0].language == name]) for name in languages]
        rows.append(_row(half, "all", "all", ours))
    return rows


def tabulate_flagged(questions: Sequence[OrdinaryQuestion], found: Sequence[PersonNeed | None]) -> list[FlaggedRow]:
    """A row for each half of each collection."""
    judged = list(zip(questions, found, strict=True))
    rows = []
    for collection, half in dict.fromkeys((one.collection, one.half) for one in questions):
        ours = [need for one, need in judged if (one.collection, one.half) == (collection, half)]
        counts = [sum(need is not None and need.kind == kind for need in ours) for kind in KINDS]
        rows.append(FlaggedRow(collection, half, len(ours), sum(counts) / len(ours), *counts))
    return rows


def _row(half: str, topic: str, language: str, judged: Sequence[tuple[PersonCase, PersonNeed | None]]) -> NeedRow:
    needs = [(case, need) for case, need in judged if case.person]
    near = [need for case, need in judged if not case.person]
    kinds = [float(need.kind == case.topic) for case, need in needs if need is not None]
    recall = mean([float(need is not None) for _, need in needs]) if needs else 0.0
    false = mean([float(need is not None) for need in near]) if near else 0.0
    return NeedRow(half, topic, language, len(needs), recall, mean(kinds) if kinds else 0.0, len(near), false)
