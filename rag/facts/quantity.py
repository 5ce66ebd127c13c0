"""A quantity: a number with what it counts, in comparable units."""

from dataclasses import dataclass
from decimal import Decimal

from rag.facts.unit import BUSINESS_DAYS, MONTHS, SECONDS

CENTS = "cents"
_FAMILY: dict[str | None, str] = {
    **dict.fromkeys(("USD", "EUR", "GBP", "CNY", "CHF", "cents"), "money"),
    **dict.fromkeys((SECONDS, MONTHS, BUSINESS_DAYS), "time"),
    **dict.fromkeys(("celsius", "fahrenheit", "kelvin"), "temperature"),
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number at ``text[start:end]``, unit included.

    ``values`` are in the base unit of ``dimension``, None for bare numbers; ``written`` is the number as it stands there. ``other``
    is what the same words mean elsewhere: "eight pounds" are weighed and paid.
    """

    start: int
    end: int
    values: frozenset[Decimal]
    dimension: str | None
    written: frozenset[Decimal] = frozenset()
    other: "Quantity | None" = None

    @property
    def is_money(self) -> bool:
        """Whether it may be a sum of money."""
        return any(_FAMILY.get(reading.dimension) == "money" for reading in self._readings)

    def comparable(self, other: "Quantity") -> bool:
        """Whether both measure the same kind of thing: money in any currency, time in any unit."""
        return any(_family(ours) == _family(theirs) for ours in self._readings for theirs in other._readings)

    def agrees(self, other: "Quantity") -> bool:
        """Whether both may mean the same; a bare number may count anything, and a hundred cents are one of any currency."""
        return any(_agree(ours, theirs) for ours in self._readings for theirs in other._readings)

    @property
    def _readings(self) -> tuple["Quantity", ...]:
        return (self,) if self.other is None else (self, self.other)


def _family(quantity: Quantity) -> str | None:
    return _FAMILY.get(quantity.dimension, quantity.dimension)


def _agree(one: Quantity, two: Quantity) -> bool:
    if None in (one.dimension, two.dimension):
        return bool((one.written or one.values) & (two.written or two.values)) or _share_agrees(one, two) or _share_agrees(two, one)
    if one.dimension == two.dimension:
        return bool(one.values & two.values)
    if CENTS not in (one.dimension, two.dimension) or _family(one) != _family(two):
        return False
    return bool(_in_whole_money(one) & _in_whole_money(two))


def _share_agrees(share: Quantity, percent: Quantity) -> bool:
    """Whether a proper fraction without a unit is so many percent: "three quarters" are 75 %."""
    proper = share.dimension is None and all(0 < value < 1 for value in share.values)
    return proper and percent.dimension == "percent" and any(100 * value in percent.values for value in share.values)


def _in_whole_money(quantity: Quantity) -> frozenset[Decimal]:
    return frozenset((value / 100).normalize() for value in quantity.values) if quantity.dimension == CENTS else quantity.values
