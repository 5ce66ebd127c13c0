"""Facts: everything in a text that can be right or wrong literally, each counted once."""

from collections.abc import Sequence
from dataclasses import dataclass

from rag.facts.address import Address, find_addresses
from rag.facts.calendar_date import CalendarFact, find_calendar_facts
from rag.facts.code import Code, find_codes
from rag.facts.quantity import Quantity, find_quantities


@dataclass(frozen=True, slots=True)
class Fact:
    """Something comparable at ``text[start:end]``."""

    content: Address | Code | CalendarFact | Quantity

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

    def agrees(self, other: "Fact") -> bool:
        """Whether both say the same; facts of different kinds never do."""
        ours, theirs = self.content, other.content
        if isinstance(ours, Quantity) and isinstance(theirs, Quantity):
            return ours.agrees(theirs)
        if isinstance(ours, CalendarFact) and isinstance(theirs, CalendarFact):
            return ours.agrees(theirs)
        if isinstance(ours, Code | Address) and type(ours) is type(theirs):
            return ours.value == theirs.value
        return False

    def comparable(self, other: "Fact") -> bool:
        """Whether both measure the same kind of thing, so that one contradicts the other when they do not agree."""
        ours, theirs = self.content, other.content
        if isinstance(ours, Quantity) and isinstance(theirs, Quantity):
            return ours.dimension == theirs.dimension
        if isinstance(ours, CalendarFact) and isinstance(theirs, CalendarFact):
            return ours.kind == theirs.kind
        return self.kind == other.kind


def find_facts(text: str, language: str) -> list[Fact]:
    """The facts of ``text``, from left to right; what belongs to an address, a code or a date is not counted as a number again."""
    kept: list[Fact] = []
    for group in (_addresses(text), find_codes(text), find_calendar_facts(text), find_quantities(text, language)):
        kept += [Fact(content) for content in group if not any(content.start < fact.end and fact.start < content.end for fact in kept)]
    return sorted(kept, key=lambda fact: fact.start)


def _addresses(text: str) -> Sequence[Address]:
    """Without telephone numbers that are dates."""
    dates = find_calendar_facts(text)
    return [one for one in find_addresses(text) if not any(one.start < date.end and date.start < one.end for date in dates)]
