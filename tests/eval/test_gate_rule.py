"""How many questions may break, for sets of every size."""

import pytest

from eval.gate_rule import GateRule

DEFAULT = GateRule()


@pytest.mark.parametrize(
    ("questions", "may_break"),
    [(0, 0), (1, 0), (5, 0), (19, 0), (20, 1), (39, 1), (40, 2), (60, 3), (80, 4), (187, 4), (500, 4), (9000, 4)],
)
def test_the_allowance(questions: int, may_break: int) -> None:
    assert DEFAULT.may_break(questions) == may_break


def test_five_never_break_unseen_and_an_allowance_never_shrinks() -> None:
    allowances = [DEFAULT.may_break(questions) for questions in range(1000)]
    assert max(allowances) < 5 and allowances == sorted(allowances)


@pytest.mark.parametrize(
    ("tolerance", "questions", "may_break"), [(0.0, 500, 0), (0.1, 10, 1), (0.1, 500, 8), (0.29, 100, 23), (1.0, 5, 5)]
)
def test_another_tolerance(tolerance: float, questions: int, may_break: int) -> None:
    assert GateRule(tolerance).may_break(questions) == may_break


@pytest.mark.parametrize(
    ("floor", "questions", "must_pass"),
    [(0.5, 19, 0), (0.5, 20, 10), (0.5, 21, 11), (0.5, 187, 94), (0.0, 500, 0), (1.0, 500, 500), (0.1, 30, 3)],
)
def test_the_floor(floor: float, questions: int, must_pass: int) -> None:
    assert GateRule(floor=floor).must_pass(questions) == must_pass
