"""Which questions a frozen topic stops: those about it, near misses, and what shoppers otherwise ask.

``citedesk eval freeze``; ``--topics eval/freezes_later.jsonl`` for the second set.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np

from eval.json_lines import read_json_lines
from eval.question import Half, half_of, read_golden
from kb.errors import ConfigurationError
from kb.text.languages import detect_language
from rag.topic_likeness import NEEDED, TopicLikeness

TOPICS_FILE = Path(__file__).with_name("freezes.jsonl")
"""26 topics, English and Chinese, with questions about each and near misses in both; written before there was anything to tune."""
LATER_TOPICS_FILE = TOPICS_FILE.with_name("freezes_later.jsonl")
"""26 more, with four questions about each and four near misses, written before the comparison was tuned anew."""
Kind: TypeAlias = Literal["about", "near", "ordinary"]
Pairing: TypeAlias = Literal["same language", "other language"]


@dataclass(frozen=True, slots=True)
class TopicCase:
    """A topic as an owner would type it, questions ``about`` it, and others ``near`` to it that it must not stop."""

    topic: str
    about: tuple[str, ...]
    near: tuple[str, ...]

    @property
    def half(self) -> Half:
        """``tune`` or ``test``, by a hash of the topic."""
        return half_of(self.topic)


@dataclass(frozen=True, slots=True)
class Judged:
    """A question, whether it is about the topic, near to it, or of the ordinary ones, and how surely it is taken to be about it."""

    case: TopicCase
    question: str
    kind: Kind
    score: float

    @property
    def stopped(self) -> bool:
        """Whether it gets the fixed sentence."""
        return self.score >= NEEDED

    @property
    def pairing(self) -> Pairing:
        """Whether question and topic are in one language."""
        return "same language" if _is_chinese(self.question) == _is_chinese(self.case.topic) else "other language"


@dataclass(frozen=True, slots=True)
class FreezeRow:
    """One line of the table, rates in [0, 1]: ``recall`` of the questions about topics, and the shares of others that are stopped."""

    half: str
    pairing: str
    topics: int
    about: int
    recall: float
    near_misses: int
    near_stopped: float
    ordinary: int
    ordinary_stopped: float


def read_topics(path: Path = TOPICS_FILE) -> list[TopicCase]:
    """The topics in ``path``, one JSON object a line. Raises ConfigurationError: there are none, or a line is malformed."""
    cases = read_json_lines(path, _case, "A topic")
    if not cases:
        raise ConfigurationError(f"There are no topics in {path}.")
    return cases


def judge(likeness: TopicLikeness, cases: Sequence[TopicCase], advance: Callable[[int], None] = lambda _: None) -> list[Judged]:
    """Every question of each of ``cases``, and every golden question against all of them."""
    judged = []
    for case in cases:
        for kind, questions in (("about", case.about), ("near", case.near)):
            judged += [Judged(case, text, kind, float(likeness.scores([case.topic], [text])[0])) for text in questions]  # type: ignore[arg-type]
        advance(len(case.about) + len(case.near))
    for golden in read_golden():
        scores = likeness.scores([case.topic for case in cases], [golden.question])
        judged += [Judged(case, golden.question, "ordinary", float(score)) for case, score in zip(cases, scores, strict=True)]
        advance(1)
    return judged


def tabulate(judged: Sequence[Judged]) -> list[FreezeRow]:
    """For each half a row of the pairs in one language, one of those in two, and one of all."""
    rows = []
    for half in ("tune", "test"):
        ours = [one for one in judged if one.case.half == half]
        rows += [_row(half, pairing, [one for one in ours if one.pairing == pairing]) for pairing in ("same language", "other language")]
        rows.append(_row(half, "all", ours))
    return rows


def _row(half: str, pairing: str, judged: Sequence[Judged]) -> FreezeRow:
    by_kind = {kind: [one.stopped for one in judged if one.kind == kind] for kind in ("about", "near", "ordinary")}
    figures = [figure for stopped in by_kind.values() for figure in (len(stopped), float(np.mean(stopped)) if stopped else 0.0)]
    return FreezeRow(half, pairing, len({one.case.topic for one in judged}), *figures)  # type: ignore[arg-type]


def _case(entry: dict[str, Any]) -> TopicCase:
    return TopicCase(entry["topic"], tuple(entry["about"]), tuple(entry["near"]))


def _is_chinese(text: str) -> bool:
    return detect_language(text) == "zh"
