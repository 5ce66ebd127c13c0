"""Stretches of a text that must not overlap."""

from collections.abc import Iterable
from typing import Protocol, TypeVar


class Span(Protocol):
    """Anything at ``text[start:end]``."""

    @property
    def start(self) -> int:
        """Where it begins."""

    @property
    def end(self) -> int:
        """Where it ends."""


Found = TypeVar("Found", bound=Span)


def overlaps(one: Span, others: Iterable[Span]) -> bool:
    """Whether ``one`` shares a character with any of ``others``."""
    return any(one.start < other.end and other.start < one.end for other in others)


def apart(found: Iterable[Found]) -> list[Found]:
    """``found`` without what overlaps an earlier one, from left to right."""
    kept: list[Found] = []
    for one in found:
        if not overlaps(one, kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)
