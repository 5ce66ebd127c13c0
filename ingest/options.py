"""How a run is to be done."""

from dataclasses import dataclass
from datetime import date

from ingest.gate import Gate
from ingest.parse.limits import DEFAULT_LIMITS, Limits
from ingest.web.access import WebAccess
from kb.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class IngestOptions:
    """Settings of one run. ``workers`` parser processes; ``confirm_loss`` names the sources that may lose most of their documents.

    ``who`` and ``why`` go into the manifest. Without a ``gate`` every version that was built is published. ``force`` is the
    reason for publishing although the gate or a hold refuses; it is recorded in the manifest. ``web`` is what may be fetched.
    After a publication the newest ``keep_versions`` versions stay (kb/retention.py); without it all do.
    ``today`` is the day in the shop's time zone from which "expires soon" counts (None: the day in UTC).
    """

    workers: int = 2
    limits: Limits = DEFAULT_LIMITS
    confirm_loss: frozenset[str] = frozenset()
    who: str = ""
    why: str = ""
    gate: Gate | None = None
    force: str | None = None
    today: date | None = None
    web: WebAccess = WebAccess()
    keep_versions: int | None = None

    def __post_init__(self) -> None:
        """Raises ConfigurationError when the reason to force is empty: the record would say nothing."""
        if self.force is not None and not self.force.strip():
            raise ConfigurationError("To publish although the gate refuses, give a reason: --force \"why this is right\".")
