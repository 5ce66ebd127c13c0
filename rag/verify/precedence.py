"""Of several passages, which may bear a claim out: the nearest ones, and none against one that says the contrary in the claim's words.

Each passage is another chance for the reader to be wrong. Held against the eight that a search finds, four of five sentences with a
yes turned into a no found one that "bears them out", while the passage that they had been turned round from said the contrary.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kb.search import Hit
from rag.verify.problem import Problem
from rag.verify.wording import Wording

GAP = 0.1
"""A passage whose sentence shares so much less of the claim's words than the nearest one's is far."""
SURE_ENOUGH_FROM_FAR = 0.8
"""The support that a far passage must give, as much as a language model's sentence needs to be sent."""
LEAST_SHARED = 0.4
"""A sentence with less of the claim's words contradicts nothing."""
TURNED = frozenset({"negation", "condition"})
LENIENCE = {True: 0.0, False: 0.2}
"""How much less of its words the bearing sentence may share than the contradicting one: where that turns the claim round, and where it
tells another value (which may be said of something else)."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What the judges say of a claim beside one passage. ``quote`` is the sentence that it leans on most."""

    hit: Hit
    quote: str
    problems: tuple[Problem, ...]
    wording: Wording

    @property
    def shared(self) -> float:
        """The share of the claim's words, in [0, 1], that the sentence has."""
        return self.wording.shared_with_sentence


@dataclass(frozen=True, slots=True)
class Witness:
    """A passage ``examined`` and the ``support``, a probability, that it gives."""

    examined: Examined
    support: float


def bearing(witnesses: Sequence[Witness], needed: float) -> list[Witness]:
    """Those that bear the claim out, the most supporting first: near ones with the support ``needed``, far ones nearly for certain."""
    nearest = max((witness.examined.shared for witness in witnesses), default=0.0)

    def enough(witness: Witness) -> float:
        return needed if witness.examined.shared >= nearest - GAP else max(needed, SURE_ENOUGH_FROM_FAR)

    found = [witness for witness in witnesses if not witness.examined.problems and witness.support >= enough(witness)]
    return sorted((witness for witness in found if not _outranked(witness, witnesses)), key=lambda witness: -witness.support)


def contradicting(witnesses: Sequence[Witness]) -> Witness | None:
    """The one that most clearly says the contrary, in the claim's own words; None where there is none."""
    turning = [witness for witness in witnesses if _contradicts(witness, turned=True)]
    return max(turning, key=lambda witness: witness.examined.shared, default=None)


def _outranked(witness: Witness, witnesses: Sequence[Witness]) -> bool:
    return any(
        _contradicts(other, turned) and witness.examined.shared + lenience < other.examined.shared
        for other in witnesses
        for turned, lenience in LENIENCE.items()
    )


def _contradicts(witness: Witness, turned: bool) -> bool:
    problems = witness.examined.problems
    return witness.examined.shared >= LEAST_SHARED and any(problem.told and (problem.kind in TURNED) == turned for problem in problems)
