"""Whether the region that a request names is any: a misspelt one would silently be told the general rules."""

from typing import TYPE_CHECKING

from kb.errors import UnknownRegionError
from kb.region import ALLOWED, known_region
from kb.scope import Audience

if TYPE_CHECKING:  # the command line's `--help` loads no search
    from kb.live import LiveVersion

MAX_NAMED = 20
"""Regions of the shop's own that a refusal names."""


def check_region(region: str | None, audience: Audience, live: "LiveVersion") -> None:
    """Pass a country, a group, and what a text that ``audience`` may see says it is for; the code is `kb.region.region_code`'s.

    What only internal texts name is as unknown to the public as what none does. Raises UnknownRegionError, NoVersionError.
    """
    if region is None or known_region(region) is not None:
        return
    with live.lease() as version:
        named = version.admission.regions(audience)
    if region not in named:
        own = ", ".join(sorted(name for name in named if known_region(name) is None)[:MAX_NAMED])
        raise UnknownRegionError(f"The region is unknown. Write {ALLOWED}, or one that the documents name ({own or 'none yet'}).")
