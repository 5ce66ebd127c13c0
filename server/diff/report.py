"""All that is told about two versions: what changed in them, in their answers, and what contradicts what in the new one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eval.answer_changes import AnswerChanges
from eval.contradictions import Contradictions
from ingest.version_diff import VersionDiff


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is listed: entries of each list, passages of each document, and characters of each text. None is no limit."""

    entries: int | None
    passages: int | None
    characters: int | None


JSON_LIMITS = Limits(1000, 200, None)
PAGE_LIMITS = Limits(200, 40, 6000)
ALL = Limits(None, None, None)


@dataclass(frozen=True, slots=True)
class DiffReport:
    """``answers`` is None when they were not compared; then ``notes`` say why. ``created`` are the versions' times, by id."""

    diff: VersionDiff
    contradictions: Contradictions
    answers: AnswerChanges | None
    notes: tuple[str, ...]
    created: Mapping[str, str]

    def to_json(self, limits: Limits = JSON_LIMITS) -> dict[str, Any]:
        """The report as plain JSON values."""
        return {
            **self.diff.to_json(limits.entries, limits.passages, limits.characters),
            "notes": [*self.diff.notes, *self.notes],
            "answers": None if self.answers is None else self.answers.to_json(limits.entries),
            "contradictions": self.contradictions.to_json(),
        }
