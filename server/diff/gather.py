"""Gathers the report: opens nothing, asks both versions what is to be asked, and says what was left undone and why."""

from collections.abc import Callable
from datetime import date
from typing import Protocol

from eval.answer_changes import AnswerChanges, compare_answers
from eval.contradictions import MOST_PASSAGES, find_contradictions
from ingest.diff import diff_versions
from kb.version import Version
from server.diff.asking import Asking
from server.diff.report import DiffReport


class Follow(Protocol):
    """Begins a phase of so many steps, and returns what is told of each one done."""

    def __call__(self, phase: str, steps: int, /) -> Callable[[int], None]:
        """``phase`` is shown; ``steps`` are foreseen."""


def gather(
    old: Version | None,
    new: Version,
    as_of: date,
    follow: Follow,
    asking: Asking,
) -> DiffReport:
    """The report on ``old`` and ``new``. Answers are compared when there are both versions and something that answers.

    Raises VersionDamagedError.
    """
    diff = diff_versions(old, new, as_of)
    changed = diff.new_passages()
    advance = follow("Looking for contradictions", min(len(changed), MOST_PASSAGES))
    contradictions = find_contradictions(new, changed, as_of, advance)
    answers: AnswerChanges | None = None
    if old is not None and asking.answerer is not None:
        asked = asking.questions if diff.documents else ()  # where no document changed, no answer does
        answers = compare_answers(asking.answerer, old, new, asked, as_of, follow("Asking both versions", len(asked)))
    created = {version.id: version.manifest.created for version in (old, new) if version is not None}
    return DiffReport(diff, contradictions, answers, asking.notes, created)
