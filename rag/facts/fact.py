"""Facts: everything in a text that can be right or wrong literally, each counted once."""

from dataclasses import dataclass

from rag.facts.address import Address, find_addresses
from rag.facts.calendar_date import CalendarFact, find_calendar_facts
from rag.facts.code import Code, find_codes
from rag.facts.quantities import find_quantities
from rag.facts.quantity import Quantity
from rag.facts.span import apart, overlaps
from rag.facts.unit import SECONDS

Content = Address | Code | CalendarFact | Quantity


@dataclass(frozen=True, slots=True)
class Fact:
    """Something comparable at ``text[start:end]``."""

    content: Content

    @property
    def start(self) -> int:
        """Where it begins."""
        return self.content.start

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.content.end

    @property
    def kind(self) -> str:
        """``address``, ``code``, ``date`` or ``number``."""
        if isinstance(self.content, Address):
            return "address"
        if isinstance(self.content, Code):
            return "code"
        return "date" if isinstance(self.content, CalendarFact) else "number"

    @property
    def is_bare(self) -> bool:
        """Whether it is a number without a unit."""
        return isinstance(self.content, Quantity) and self.content.dimension is None

    def agrees(self, other: "Fact") -> bool:
        """Whether both say the same; facts of different kinds never do."""
        ours, theirs = self.content, other.content
        if isinstance(ours, Quantity) and isinstance(theirs, Quantity):
            return ours.agrees(theirs)
        if isinstance(ours, CalendarFact) and isinstance(theirs, CalendarFact):
            return ours.agrees(theirs)
        if isinstance(ours, Quantity) and isinstance(theirs, CalendarFact):
            return _names_hour(ours, theirs)
        if isinstance(ours, CalendarFact) and isinstance(theirs, Quantity):
            return _names_hour(theirs, ours)
        if isinstance(ours, Code | Address) and type(ours) is type(theirs):
            return ours.value == theirs.value
        return False

    def comparable(self, other: "Fact") -> bool:
        """Whether both measure the same kind of thing, so that one contradicts the other when they do not agree."""
        ours, theirs = self.content, other.content
        if isinstance(ours, Quantity) and isinstance(theirs, Quantity):
            return ours.comparable(theirs)
        if isinstance(ours, CalendarFact) and isinstance(theirs, CalendarFact):
            return ours.kind == theirs.kind
        return self.kind == other.kind


def _names_hour(hours: Quantity, time: CalendarFact) -> bool:
    """Whether what reads as a stretch of whole hours can be that time: "open until 18 h"."""
    counted = hours.dimension == SECONDS and bool(hours.written) and hours.values == {3600 * value for value in hours.written}
    return counted and time.kind == "time" and any(time.value == (int(value) * 60,) for value in hours.written)


def find_facts(text: str, language: str) -> list[Fact]:
    """The facts of ``text``, from left to right; what belongs to an address, a code or a date is not counted as a number again."""
    dates = find_calendar_facts(text)
    addresses = [one for one in find_addresses(text) if one.kind != "phone" or not overlaps(one, dates)]
    contents: list[Content] = [*addresses, *find_codes(text), *dates, *find_quantities(text, language)]
    return apart(map(Fact, contents))
