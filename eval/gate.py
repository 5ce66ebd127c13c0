"""The gate: golden questions, or else the shop's own FAQ pairs, put to the staged version and to the live one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from eval.comparison import Comparison, can_ask, compare
from eval.exam import Exam, ExamKind, ExamQuestion
from eval.faq_exam import FaqExam
from eval.gate_rule import GateRule
from eval.golden_exam import GoldenExam
from eval.question import GoldenQuestion
from eval.recorded import conditions_of, record
from ingest.gate import GateResult
from ingest.progress import ProgressListener
from kb.search import HybridSearch
from kb.version import Version
from rag.pipeline import Answerer

NOUNS: dict[ExamKind, str] = {"golden": "golden questions", "faq": "FAQ pairs"}
NAMED = 10
"""Broken questions that the summary names; ``details`` hold all of them."""
NOTHING = (
    "There was nothing to test with: no golden question and no FAQ pair. Write questions into golden/*.jsonl in the data folder, "
    'one a line: {"question": "…", "documents": ["…"], "must": ["…"]}.'
)


@dataclass(frozen=True, slots=True)
class GoldenGate:
    """An `ingest.gate.Gate`. Without ``questions`` the FAQ pairs of the staged version are asked.

    ``open_search`` and ``open_answerer`` make what asks, when there is something to test: most nights change nothing. ``today`` is the day
    whose rules hold, ``region`` the region of questions that name none, and ``setup`` names the settings that shape an answer.
    """

    questions: Sequence[GoldenQuestion]
    open_search: Callable[[], HybridSearch]
    open_answerer: Callable[[], Answerer]
    rule: GateRule
    today: date
    region: str | None = None
    setup: str = ""

    def check(self, staged: Version, live: Version | None, progress: ProgressListener) -> GateResult:
        """Refuses ``staged`` when more questions break than the rule allows, or fewer pass than it demands.

        Raises:
            EncoderError: what reads or searches cannot be loaded.
            QuestionError: a golden question is too long to be answered.
        """
        exam = self._exam()
        questions = exam.questions(staged)
        if not questions:
            progress.phase("gate", 1)
            progress.advance(1)
            return GateResult(True, NOTHING, {"exam": "none", "questions": 0})
        comparison = compare(exam, questions, staged, live, self.setup, progress)
        blind = live is not None and not can_ask(staged, live)
        recorded = record(exam.kind, questions, comparison.now, conditions_of(staged, self.setup))
        return self._verdict(exam.kind, comparison, blind, recorded.to_json())

    def _exam(self) -> Exam:
        if self.questions:
            return GoldenExam(self.questions, self.open_answerer(), self.today, self.region)
        return FaqExam(self.open_search(), self.today, self.region)

    def _verdict(self, kind: ExamKind, comparison: Comparison, blind: bool, recorded: dict[str, Any]) -> GateResult:
        asked, broken = len(comparison.questions), comparison.broken
        may_break = self.rule.may_break(len(comparison.before))
        must_pass = self.rule.must_pass(asked)
        summary = [_count(kind, comparison)]
        if broken:
            summary.append(f"{len(broken)} broke, and at most {may_break} may: {_names(broken)}.")
        if comparison.passed < must_pass:
            summary.append(f"At least {must_pass} have to pass.")
        if blind:
            summary.append(f"The live version has another encoder and cannot be asked; {comparison.reused} earlier outcomes stand for it.")
        details = {
            "exam": kind,
            "questions": asked,
            "passed": comparison.passed,
            "compared": len(comparison.before),
            "passed_before": comparison.passed_before,
            "may_break": may_break,
            "must_pass": must_pass,
            "broken": [_broken(one, comparison) for one in broken],
            "mended": [one.id for one in comparison.mended],
            "reused": comparison.reused,
        }
        passed = len(broken) <= may_break and comparison.passed >= must_pass
        return GateResult(passed, " ".join(summary), details | recorded)


def _count(kind: ExamKind, comparison: Comparison) -> str:
    counted = f"{comparison.passed} of {len(comparison.questions)} {NOUNS[kind]} pass"
    if not comparison.before:
        return f"{counted}."
    mended = f", {len(comparison.mended)} of them newly" if comparison.mended else ""
    return f"{counted}{mended}; on the live version {comparison.passed_before} of {len(comparison.before)} did."


def _broken(question: ExamQuestion, comparison: Comparison) -> dict[str, str]:
    now = comparison.now[question.id]
    before = comparison.before[question.id]
    return {"id": question.id, "question": question.text, "problem": now.problem, "answer": now.answer, "before": before.answer}


def _names(questions: Sequence[ExamQuestion]) -> str:
    more = f" and {len(questions) - NAMED} more" if len(questions) > NAMED else ""
    return ", ".join(one.id for one in questions[:NAMED]) + more
