"""The gate: what decides whether a version that was built may go live."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from ingest.progress import ProgressListener
from kb.version import Version


@dataclass(frozen=True, slots=True)
class GateResult:
    """A gate's verdict. ``summary`` is a sentence for people, ``details`` plain JSON values for the manifest.

    ``forced`` says for what ``reason`` and by ``who`` a version was published although the gate refused it.
    """

    passed: bool
    summary: str
    details: Mapping[str, Any] = field(default_factory=dict)
    forced: Mapping[str, str] | None = None

    def force(self, reason: str, who: str) -> "GateResult":
        """The same verdict, overruled. It stays a refusal: that is what the record has to show."""
        return replace(self, forced={"reason": reason, "who": who})

    def to_json(self) -> dict[str, Any]:
        """The verdict as the manifest keeps it."""
        verdict: dict[str, Any] = {"passed": self.passed, "summary": self.summary, "details": dict(self.details)}
        return verdict if self.forced is None else {**verdict, "forced": dict(self.forced)}


class Gate(Protocol):
    """Tests a version that is complete but not published. Ingest knows nothing of how questions are answered."""

    def check(self, staged: Version, live: Version | None, progress: ProgressListener) -> GateResult:
        """Whether ``staged`` may replace ``live``, the version that answers now (``None`` at the first publication).

        Tells ``progress`` of the phase ``gate`` and its steps; whoever called says that it is done.
        """
