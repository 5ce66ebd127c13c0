"""The staged version and the live one, put to the same questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval.exam import Exam, ExamOutcome, ExamQuestion
from eval.recorded import conditions_of, read_recorded
from ingest.progress import ProgressListener
from kb.version import Version


@dataclass(frozen=True, slots=True)
class Comparison:
    """The outcomes by question id. ``before`` are the live version's, as far as known; ``reused`` counts those recorded earlier."""

    questions: Sequence[ExamQuestion]
    now: Mapping[str, ExamOutcome]
    before: Mapping[str, ExamOutcome]
    reused: int

    @property
    def passed(self) -> int:
        """How many pass on the staged version."""
        return sum(outcome.passed for outcome in self.now.values())

    @property
    def passed_before(self) -> int:
        """How many passed on the live version."""
        return sum(outcome.passed for outcome in self.before.values())

    @property
    def broken(self) -> list[ExamQuestion]:
        """Those that passed and pass no more."""
        return [one for one in self.questions if self._changed(one) and not self.now[one.id].passed]

    @property
    def mended(self) -> list[ExamQuestion]:
        """Those that failed and pass now."""
        return [one for one in self.questions if self._changed(one) and self.now[one.id].passed]

    def _changed(self, question: ExamQuestion) -> bool:
        before = self.before.get(question.id)
        return before is not None and before.passed is not self.now[question.id].passed


def compare(
    exam: Exam, questions: Sequence[ExamQuestion], staged: Version, live: Version | None, setup: str, progress: ProgressListener
) -> Comparison:
    """Puts both versions to ``questions``; of the live one only what was not recorded under the same conditions.

    What broke by a recorded outcome is put to the live version again: a refusal never rests on a record alone, and people want to see
    the answer that was right. A live version of another encoder cannot be asked; then what was recorded on whatever day stands in.
    """
    askable = can_ask(staged, live)
    known = {} if live is None else _recorded(questions, live, setup, askable)
    missing = [one.id for one in questions if one.id not in known] if askable else []
    progress.phase("gate", len(questions) + len(missing))
    now = exam.sit(staged, [one.id for one in questions], progress.advance)
    before = dict(known)
    if live is not None and askable:
        before.update(exam.sit(live, missing, progress.advance))
        doubtful = [one.id for one in Comparison(questions, now, before, 0).broken if one.id in known]
        before.update(exam.sit(live, doubtful, lambda _: None))
    return Comparison(questions, now, before, len(known))


def can_ask(staged: Version, live: Version | None) -> bool:
    """Whether ``live`` can be searched with the encoder that embedded ``staged``."""
    return live is not None and live.manifest.encoder_id == staged.manifest.encoder_id


def _recorded(questions: Sequence[ExamQuestion], live: Version, setup: str, askable: bool) -> dict[str, ExamOutcome]:
    recorded = read_recorded(live)
    if askable and recorded.conditions != conditions_of(live, setup):
        return {}
    return {name: ExamOutcome(problem, "") for name, problem in recorded.problems(questions, any_day=not askable).items()}
