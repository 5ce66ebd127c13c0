"""The gate: what decides whether a version that was built may go live."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from kb.version import Version


@dataclass(frozen=True, slots=True)
class GateResult:
    """A gate's verdict. ``summary`` is a sentence for people, ``details`` plain JSON values for the manifest."""

    passed: bool
    summary: str
    details: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The verdict as the manifest keeps it."""
        return {"passed": self.passed, "summary": self.summary, "details": dict(self.details)}


class Gate(Protocol):
    """Tests a version that is complete but not published. Ingest knows nothing of how questions are answered."""

    def check(self, staged: Version, live: Version | None) -> GateResult:
        """Whether ``staged`` may replace ``live``, the version that answers now (``None`` at the first publication)."""
