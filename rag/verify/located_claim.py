"""Where the claims of a text stand in it. They are read without their markers, but problems are marked in the text itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.verify.claim import MARKER, Claim, split_claims

_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Marker:
    """The number ``text[start:end]`` of a citation marker."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class LocatedClaim:
    """A claim of a text. ``positions[i]`` is where ``claim.text[i]`` stands in it; ``markers`` are those that belong to it."""

    claim: Claim
    positions: tuple[int, ...]
    markers: tuple[Marker, ...]

    @property
    def start(self) -> int:
        """Where its first character stands."""
        return self.positions[0]

    @property
    def end(self) -> int:
        """The position after its last character."""
        return self.positions[-1] + 1


def locate_claims(text: str, language: str = "und") -> list[LocatedClaim]:
    """The claims of ``text`` that say something, in order."""
    markers = [match for match in MARKER.finditer(text) if "\n" not in match.group()[1:]]
    bare, positions = _without(text, markers)
    located, at = [], 0
    for claim in split_claims(text, language):
        at = _find(claim, bare, at)
        located.append((claim, positions[at : at + len(claim.text)]))
        at += len(claim.text)
    return list(_with_markers(located, [number for match in markers for number in _numbers(match)], len(text)))


def _without(text: str, markers: list[re.Match[str]]) -> tuple[str, list[int]]:
    """``text`` without ``markers``, and where each of its characters stood. A line break before a marker stays."""
    kept: list[int] = []
    at = 0
    for match in markers:
        kept += range(at, match.start() + text.startswith("\n", match.start()))
        at = match.end()
    kept += range(at, len(text))
    return "".join(text[position] for position in kept), kept


def _find(claim: Claim, bare: str, at: int) -> int:
    """Where the claim stands in ``bare`` from ``at`` on; its separator holds a list's number, which it may begin with itself."""
    found = bare.find(claim.text, at + len(claim.separator))
    return found if found >= 0 else bare.index(claim.text, at)


def _numbers(match: re.Match[str]) -> Iterator[Marker]:
    for number in _NUMBER.finditer(match.group()):
        yield Marker(int(number.group()), match.start() + number.start(), match.start() + number.end())


def _with_markers(located: list[tuple[Claim, list[int]]], markers: list[Marker], length: int) -> Iterator[LocatedClaim]:
    """Each claim with the markers whose numbers it has, among those between the claim before it and the one behind."""
    starts = [positions[0] for _, positions in located]
    ends = [positions[-1] for _, positions in located]
    for place, (claim, positions) in enumerate(located):
        since = ends[place - 1] if place else 0
        until = starts[place + 1] if place + 1 < len(located) else length
        own = [marker for marker in markers if since <= marker.start < until and marker.number in claim.cited]
        if claim.says_something:
            yield LocatedClaim(claim, tuple(positions), tuple(own))
