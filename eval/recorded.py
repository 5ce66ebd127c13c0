"""What the gate recorded of a version's questions in its manifest, so that the next night need not ask that version again."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from eval.exam import ExamKind, ExamOutcome, ExamQuestion
from kb.version import Version

ROOT = Path(__file__).parent.parent
JUDGING = ("kb", "rag", "eval")
SUFFIXES = frozenset({".py", ".json", ".safetensors"})


@dataclass(frozen=True, slots=True)
class RecordedOutcomes:
    """``conditions`` hashes what was asked and with what; ``outcomes`` holds key, day and problem of each question by its id."""

    kind: ExamKind | None = None
    conditions: str = ""
    outcomes: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As the manifest keeps it."""
        return {"conditions": self.conditions, "outcomes": {name: list(entry) for name, entry in self.outcomes.items()}}

    def problems(self, questions: Sequence[ExamQuestion], any_day: bool = False) -> dict[str, str]:
        """The problem (empty: passed) of each question that was recorded just as it is asked now; ``any_day``: on whatever day."""
        known = {}
        for question in questions:
            key, day, problem = self.outcomes.get(question.id, ("", "", ""))
            if key == question.key and (any_day or day == question.day):
                known[question.id] = problem
        return known


def record(
    kind: ExamKind, questions: Sequence[ExamQuestion], outcomes: Mapping[str, ExamOutcome], conditions: str
) -> RecordedOutcomes:
    """What to keep of ``outcomes``."""
    return RecordedOutcomes(kind, conditions, {one.id: (one.key, one.day, outcomes[one.id].problem) for one in questions})


def read_recorded(version: Version) -> RecordedOutcomes:
    """What the gate recorded when ``version`` was published; nothing where another gate did, or none."""
    details = (version.manifest.gate or {}).get("details")
    if not isinstance(details, Mapping) or details.get("exam") not in ("golden", "faq"):
        return RecordedOutcomes()
    outcomes = details.get("outcomes")
    entries = outcomes.items() if isinstance(outcomes, Mapping) else ()
    whole = {str(name): (str(e[0]), str(e[1]), str(e[2])) for name, e in entries if isinstance(e, list) and len(e) == 3}
    return RecordedOutcomes(details["exam"], str(details.get("conditions", "")), whole)


def conditions_of(version: Version, setup: str) -> str:
    """A hash of all that decides the outcome besides question and day.

    That is the content of ``version`` (removing a document from a kept version changes it), its encoder, ``setup`` (the settings that
    shape an answer) and our own code.
    """
    files = {name: digest.sha256 for name, digest in version.manifest.files.items()}
    content = json.dumps([files, version.manifest.encoder_id, setup, code_digest()], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:32]


@cache
def code_digest() -> str:
    """A digest of the files that search, answer and judge: a constant that stands for them would be forgotten."""
    digest = hashlib.sha256()
    for folder in JUDGING:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in SUFFIXES:
                digest.update(path.relative_to(ROOT).as_posix().encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
