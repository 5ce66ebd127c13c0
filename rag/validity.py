"""For which day and region an answer holds, who named them, and where or when other rules hold."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

NamedBy: TypeAlias = Literal["default", "request", "question"]
"""Who decided: nobody (today; the shop's region, or none), the caller's field, or the text of the question."""


@dataclass(frozen=True, slots=True)
class Validity:
    """The answer is by the rules of ``as_of`` (in the shop's time zone) in ``region``; without a region by those that hold everywhere.

    ``other_regions`` are the codes of the regions for which another rule answers the same question, in alphabetical order; they are looked
    for where no region is known. ``other_day`` is a day that the question names and on which another rule held.
    """

    as_of: date
    region: str | None = None
    as_of_from: NamedBy = "default"
    region_from: NamedBy = "default"
    other_regions: tuple[str, ...] = ()
    other_day: date | None = None
