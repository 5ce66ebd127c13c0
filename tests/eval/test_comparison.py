"""What the gate asks of which version, and what it takes from the record."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from eval.comparison import Comparison, compare
from eval.recorded import RecordedOutcomes, conditions_of, read_recorded, record
from ingest.gate import GateResult
from kb.store import VersionStore
from kb.version import Version
from tests.eval.gate_shop import ENCODER, Page, ScriptedExam, Steps, publish

NAMES = ("a", "b", "c", "zh-1")
Publish = Callable[..., Version]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Publish]:
    store = VersionStore(tmp_path / "data")
    opened: list[Version] = []

    def publish_next(gate: GateResult | None = None, encoder_id: str = ENCODER.id) -> Version:
        opened.append(publish(store, [Page("returns.md", [f"Return it within {30 + len(opened)} days."])], gate, encoder_id))
        return opened[-1]

    yield publish_next
    for version in opened:
        version.close()


def run(exam: ScriptedExam, staged: Version, live: Version | None, setup: str = "words") -> Comparison:
    return compare(exam, exam.questions(staged), staged, live, setup, Steps())


def recorded_by(exam: ScriptedExam, version: Version, setup: str = "words") -> GateResult:
    """What the gate would have written when ``version``'s content was published. Its own folder may hold another gate's result."""
    outcomes = exam.sit(version, exam.names, lambda _: None)
    exam.put.clear()
    kept = record("golden", exam.questions(version), outcomes, conditions_of(version, setup))
    return GateResult(True, "", {"exam": "golden", **kept.to_json()})


def sealed_again(version: Version, gate: GateResult) -> Version:
    """The same version with ``gate`` in its manifest, as publishing seals it a second time."""
    object.__setattr__(version.manifest, "gate", gate.to_json())
    return version


def test_both_versions_are_asked_when_nothing_was_recorded(make: Publish) -> None:
    live, staged = make(), make()
    exam = ScriptedExam(NAMES, {live.id: {"a"}, staged.id: {"b", "zh-1"}})
    steps = Steps()
    found = compare(exam, exam.questions(staged), staged, live, "words", steps)
    assert [one.id for one in found.broken] == ["b", "zh-1"] and [one.id for one in found.mended] == ["a"]
    assert (found.passed, found.passed_before, found.reused) == (2, 3, 0)
    assert steps.phases == [("gate", 8)] and steps.done_steps == 8
    assert found.before["b"].answer == f"b on {live.id}"


def test_the_first_version_is_compared_with_nothing(make: Publish) -> None:
    staged = make()
    found = run(ScriptedExam(NAMES, {staged.id: {"a"}}), staged, None)
    assert found.broken == found.mended == [] and not found.before and found.passed == 3


def test_what_was_recorded_is_not_asked_again_except_where_it_decides(make: Publish) -> None:
    live, staged = make(), make()
    exam = ScriptedExam(NAMES, {live.id: {"a"}, staged.id: {"b"}})
    found = run(exam, staged, sealed_again(live, recorded_by(exam, live)))
    assert found.reused == 4 and [name for version, name in exam.put if version == live.id] == ["b"]
    assert [one.id for one in found.broken] == ["b"] and found.before["b"].answer == f"b on {live.id}"
    assert [one.id for one in found.mended] == ["a"]


def test_a_record_that_is_wrong_refuses_nothing(make: Publish) -> None:
    live, staged = make(), make()
    exam = ScriptedExam(NAMES, {staged.id: {"b"}})
    gate = recorded_by(exam, live)
    exam.failing[live.id] = {"b"}
    found = run(exam, staged, sealed_again(live, gate))
    assert found.broken == [] and found.passed_before == 3


@pytest.mark.parametrize("changed", ["setup", "day", "question", "content", "kind of gate"])
def test_other_conditions_are_asked_anew(make: Publish, changed: str) -> None:
    live, staged = make(), make()
    exam = ScriptedExam(NAMES, {})
    gate = recorded_by(exam, staged if changed == "content" else live, "bundled" if changed == "setup" else "words")
    if changed == "kind of gate":
        gate = GateResult(True, "", {"exam": "canary", "outcomes": 3})
    if changed == "day":
        exam.day = "2026-11-24"
    if changed == "question":
        exam.names = ("a2", *NAMES[1:])
    found = run(exam, staged, sealed_again(live, gate))
    asked = [name for version, name in exam.put if version == live.id]
    assert asked == (["a2"] if changed == "question" else list(NAMES)) and len(found.before) == 4


def test_a_live_version_of_another_encoder_is_compared_by_what_was_recorded_on_any_day(make: Publish) -> None:
    live, staged = make(encoder_id="older"), make()
    exam = ScriptedExam(NAMES, {live.id: {"a"}, staged.id: {"b"}})
    sealed_again(live, recorded_by(exam, live, "another setup"))
    exam.day = "2026-11-24"
    found = run(exam, staged, live)
    assert [one.id for one in found.broken] == ["b"] and {version for version, _ in exam.put} == {staged.id}
    without = make(encoder_id="oldest")
    assert not run(exam, staged, without).before


def test_a_record_survives_the_manifest(make: Publish) -> None:
    first = make()
    exam = ScriptedExam(NAMES, {first.id: {"zh-1"}})
    again = make(recorded_by(exam, first))
    kept = read_recorded(again)
    assert kept.problems(exam.questions(first)) == {"a": "", "b": "", "c": "", "zh-1": "declined"}
    assert kept.conditions == conditions_of(first, "words") != conditions_of(again, "words")
    assert read_recorded(first) == RecordedOutcomes()
