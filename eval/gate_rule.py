"""The rule of the gate: how many questions may break, and how many must pass (docs/decisions/0019-gate.md)."""

import math
from dataclasses import dataclass

GROWS_UP_TO = 80
"""Questions up to which the allowance grows with the set. At the default tolerance five broken questions are never let through."""
FLOOR_FROM = 20
"""Questions from which on there is a floor: of fewer, each is worth more than five points."""
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class GateRule:
    """``tolerance`` is the share of the questions that may break, ``floor`` the share that must pass; both in [0, 1]."""

    tolerance: float = 0.05
    floor: float = 0.5

    def may_break(self, compared: int) -> int:
        """How many of ``compared`` questions may fail that passed before: at 0.05 none of five, one of twenty, four from eighty on."""
        return math.floor(self.tolerance * min(compared, GROWS_UP_TO) + ROUNDING)

    def must_pass(self, asked: int) -> int:
        """How many of ``asked`` questions have to pass, whatever passed before."""
        return math.ceil(self.floor * asked - ROUNDING) if asked >= FLOOR_FROM else 0
