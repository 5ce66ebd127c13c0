"""What a version is put to before it goes live: questions, and what became of each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from kb.version import Version

ExamKind = Literal["golden", "faq"]


@dataclass(frozen=True, slots=True)
class ExamQuestion:
    """One question. ``key`` is a hash of everything that it asks and expects, and ``day`` (ISO 8601) the one whose rules hold."""

    id: str
    text: str
    key: str
    day: str


@dataclass(frozen=True, slots=True)
class ExamOutcome:
    """What became of one question. ``problem`` says what is wrong, or is empty; ``answer`` shows people what came back."""

    problem: str
    answer: str

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problem


class Exam(Protocol):
    """A set of questions that can be put to any version embedded with the configured encoder."""

    @property
    def kind(self) -> ExamKind:
        """Which exam it is."""

    def questions(self, staged: Version) -> Sequence[ExamQuestion]:
        """The questions that ``staged`` is to be put to."""

    def sit(self, version: Version, ids: Sequence[str], advance: Callable[[int], None]) -> Mapping[str, ExamOutcome]:
        """Puts the questions with ``ids`` to ``version``; ``advance`` is told how many more are done.

        A question that cannot be put to ``version`` has no outcome; those that `questions` gave for it all have one.
        """
