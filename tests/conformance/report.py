"""What a run says of each check: one line per check, and how many of the forty hold."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.conformance.checks import CHECKS, check_of


@dataclass
class CheckReport:
    """Outcomes and measured figures by check."""

    outcomes: dict[int, list[str]] = field(default_factory=dict)
    figures: dict[int, list[str]] = field(default_factory=dict)

    def add(self, nodeid: str, outcome: str, properties: list[tuple[str, object]]) -> None:
        """Count one test's outcome (``passed``, ``failed``, ``skipped``); ``properties`` are what it measured."""
        number = check_of(nodeid.rpartition("::")[2])
        if number is None or "tests/conformance/" not in nodeid:
            return
        self.outcomes.setdefault(number, []).append(outcome)
        self.figures.setdefault(number, []).extend(f"{name} {value}" for name, value in properties)

    def lines(self) -> Iterator[str]:
        """The table."""
        for number, title in CHECKS.items():
            figures = "; ".join(self.figures.get(number, ()))
            yield f"{number:2d}  {self._verdict(number):8}{title}{f' ({figures})' if figures else ''}"
        held = sum(self._verdict(number) == "ok" for number in CHECKS)
        yield f"{held} of {len(CHECKS)} checks hold"

    def _verdict(self, number: int) -> str:
        outcomes = self.outcomes.get(number, [])
        if "skipped" in outcomes and "failed" not in outcomes:
            return "in part" if "passed" in outcomes else "skipped"
        return "FAILED" if "failed" in outcomes else "ok" if outcomes else "not run"
