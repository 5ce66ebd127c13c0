"""The figures of the serving benchmark, from one run of an arm to the medians of all rounds."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal, TypeAlias

import numpy as np

Arm: TypeAlias = Literal["verified", "unverified", "direct"]
ARMS: tuple[Arm, ...] = ("verified", "unverified", "direct")
"""Citedesk with its verifier, Citedesk with a check that lets everything out, and the server asked directly."""
PHASES = ("retrieve", "weigh", "model", "verify", "rest")


@dataclass(frozen=True, slots=True)
class ArmRun:
    """All questions asked once in one way. Times in seconds.

    ``seconds`` is the wall clock's for all of them, ``tokens`` counts what the model wrote. ``sent`` and ``settled`` hold a time for each
    sentence that left, and for each that left or was held back, from when the model had completed it. ``phases`` are sums over
    the answers. ``failed`` answers were not finished by the model; ``other_prompts`` requests were not those that were recorded.
    """

    arm: Arm
    round: int
    seconds: float
    answers: int
    tokens: int
    sent: tuple[float, ...] = ()
    settled: tuple[float, ...] = ()
    phases: Mapping[str, float] | None = None
    failed: int = 0
    other_prompts: int = 0

    @property
    def tokens_per_second(self) -> float:
        """Completion tokens a second of the wall clock, of all requests together."""
        return self.tokens / self.seconds

    @property
    def answers_per_second(self) -> float:
        """Answers a second of the wall clock."""
        return self.answers / self.seconds

    def to_json(self) -> dict[str, object]:
        """The counts, and the wall clock's seconds."""
        counts = {"seconds": round(self.seconds, 3), "answers": self.answers, "tokens": self.tokens, "sentences": len(self.settled)}
        return {"arm": self.arm, "round": self.round, **counts, "failed": self.failed, "other_prompts": self.other_prompts}


@dataclass(frozen=True, slots=True)
class Delay:
    """Milliseconds over ``sentences``; None when there is none."""

    sentences: int
    median_ms: float | None
    p95_ms: float | None


@dataclass(frozen=True, slots=True)
class Ratio:
    """The median of the rounds' ratios, by completion tokens a second and by answers a second."""

    tokens: float
    answers: float


@dataclass(frozen=True, slots=True)
class ServingReport:
    """What came of all rounds with ``concurrent`` requests at once.

    ``sent``: from when the model had completed a sentence until it left, verified; ``settled``: until it had left or was held back;
    ``sent_unchecked``: the same as ``sent`` without the verifier. ``phases`` are shares of the time of a verified answer. ``failed`` and
    ``other_prompts`` (see `ArmRun`) should be 0, or the ratios compare different work.
    """

    concurrent: int
    questions: int
    sent: Delay
    settled: Delay
    sent_unchecked: Delay
    tokens_per_second: dict[Arm, float]
    answers_per_second: dict[Arm, float]
    verified_over_unverified: Ratio
    verified_over_direct: Ratio
    unverified_over_direct: Ratio
    phases: dict[str, float]
    failed: int
    other_prompts: int
    runs: tuple[ArmRun, ...]

    def to_json(self) -> dict[str, object]:
        """All figures, and the counts of every run."""
        named = {name: value for name in self.__slots__ if name != "runs" for value in [getattr(self, name)]}
        plain = {name: asdict(value) if isinstance(value, (Delay, Ratio)) else value for name, value in named.items()}
        return {**plain, "runs": [run.to_json() for run in self.runs]}


def summarise(concurrent: int, runs: Sequence[ArmRun]) -> ServingReport:
    """The figures of ``runs``, which hold every arm once in each round."""
    of: dict[Arm, list[ArmRun]] = {arm: sorted((run for run in runs if run.arm == arm), key=lambda run: run.round) for arm in ARMS}
    verified, unverified, direct = (of[arm] for arm in ARMS)
    return ServingReport(
        concurrent=concurrent,
        questions=verified[0].answers,
        sent=_delay([seconds for run in verified for seconds in run.sent]),
        settled=_delay([seconds for run in verified for seconds in run.settled]),
        sent_unchecked=_delay([seconds for run in unverified for seconds in run.sent]),
        tokens_per_second={arm: statistics.median(run.tokens_per_second for run in of[arm]) for arm in ARMS},
        answers_per_second={arm: statistics.median(run.answers_per_second for run in of[arm]) for arm in ARMS},
        verified_over_unverified=_ratio(verified, unverified),
        verified_over_direct=_ratio(verified, direct),
        unverified_over_direct=_ratio(unverified, direct),
        phases=_shares(verified),
        failed=sum(run.failed for run in runs),
        other_prompts=sum(run.other_prompts for run in runs),
        runs=tuple(runs),
    )


def _delay(seconds: Sequence[float]) -> Delay:
    if not seconds:
        return Delay(0, None, None)
    return Delay(len(seconds), statistics.median(seconds) * 1000, float(np.percentile(seconds, 95)) * 1000)


def _ratio(ours: Sequence[ArmRun], theirs: Sequence[ArmRun]) -> Ratio:
    def median(rate: Callable[[ArmRun], float]) -> float:
        return statistics.median(rate(one) / rate(other) for one, other in zip(ours, theirs, strict=True))

    return Ratio(median(lambda run: run.tokens_per_second), median(lambda run: run.answers_per_second))


def _shares(runs: Sequence[ArmRun]) -> dict[str, float]:
    sums = {name: sum((run.phases or {}).get(name, 0.0) for run in runs) for name in PHASES}
    whole = sum(sums.values())
    return {name: seconds / whole if whole else 0.0 for name, seconds in sums.items()}
