"""Chinese discounts name what is left to pay: 八折 is a fifth off, 88 折 is 12 percent off."""

from decimal import Decimal

from rag.facts.quantity import Quantity

DISCOUNT = "discount"


def reduction(values: frozenset[Decimal], start: int, end: int) -> Quantity:
    """What a discount takes off, in percent; ``values`` are the tenths (or, from ten on, the hundredths) that are left to pay."""
    off = frozenset((100 - (value * 10 if value < 10 else value)).normalize() for value in values)
    written = frozenset(value.normalize() for value in values)
    return Quantity(start, end, off, DISCOUNT, written, Quantity(start, end, off, "percent"))
