"""Documents, and FAQ pairs, that say the same or nearly the same. They are reported and never merged: two models differ in a number."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from typing import TypeAlias

import numpy as np

from ingest.duplicate_pair import DuplicatePair, DuplicatePlace, Duplicates
from ingest.duplicate_unit import Place, Unit, document_units, faq_units, touched_places
from ingest.mirror import SourceContent
from ingest.shingles import PERMUTATIONS, Hashes, letters_of, sample, shingles, signature, similarity

THRESHOLD = 0.65
"""Between what operators call duplicates (.78 and more in tests/ingest/near_duplicates.py) and what they do not (up to .51)."""
BANDS = (16, 4)  # finds 95 of 100 pairs at the threshold and 999 of 1,000 at .8
MOST_LISTED = 100
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_Found: TypeAlias = tuple[float, Unit, Unit]


def duplicates_in(given: Sequence[SourceContent], contents: Sequence[SourceContent]) -> Duplicates:
    """The pairs among all ``contents`` of which at least one document is new or changed in those that were ``given`` to this run."""
    touched = touched_places(given)
    return find_duplicates(list(document_units(contents)), list(faq_units(contents)), touched) if touched else Duplicates()


def find_duplicates(documents: Sequence[Unit], faqs: Sequence[Unit], touched: Collection[Place]) -> Duplicates:
    """All pairs among ``documents``, and among ``faqs``, of which at least one was ``touched``. Old pairs were reported before.

    Where one document replaces the other, or they never hold on the same day, they are meant to be alike. FAQ pairs of two documents
    that are alike as a whole are not reported again.
    """
    pairs = list(_compare(documents, touched))
    alike = {frozenset((first.place, second.place)) for _, first, second in pairs}
    pairs += [found for found in _compare(faqs, touched) if frozenset((found[1].place, found[2].place)) not in alike]
    made = sorted((_pair(*found) for found in pairs), key=lambda pair: (pair.numbers_differ, -pair.similarity))
    return Duplicates(len(made), tuple(made[:MOST_LISTED]))


def _compare(units: Sequence[Unit], touched: Collection[Place]) -> Iterator[_Found]:
    """The pairs, with their similarity. Groups of equal texts are represented by their first one."""
    letters = [letters_of(unit.text) for unit in units]
    groups: dict[str, list[int]] = {}
    for number, text in enumerate(letters):
        if text:
            groups.setdefault(text, []).append(number)
    fresh = {number for number, unit in enumerate(units) if unit.place in touched}
    for first, *others in groups.values():
        alike = [units[other] for other in others if {first, other} & fresh]
        yield from ((1.0, units[first], other) for other in alike if _clash(units[first], other))
    texts = list(groups)
    heads = [members[0] for members in groups.values()]
    is_fresh = [not fresh.isdisjoint(members) for members in groups.values()]
    for share, one, other in _near(texts, is_fresh):
        if _clash(units[heads[one]], units[heads[other]]):
            yield share, units[heads[one]], units[heads[other]]


def _near(texts: Sequence[str], is_fresh: Sequence[bool]) -> Iterator[tuple[float, int, int]]:
    """The pairs of texts that are alike, as numbers, at least one of each being fresh. What is connected already is not compared again."""
    from datasketch import MinHash, MinHashLSH  # imports SciPy, which a night without changes does not need

    signatures = np.array([signature(shingles(text)) for text in texts], np.uint32).reshape(-1, PERMUTATIONS)
    empty = MinHash(num_perm=PERMUTATIONS)
    index = MinHashLSH(num_perm=PERMUTATIONS, params=BANDS)
    groups = _Groups(len(texts))
    samples: dict[int, Hashes] = {}
    for number in sorted(range(len(texts)), key=lambda number: is_fresh[number], reverse=True):
        minhash = MinHash(hashvalues=signatures[number], permutations=empty.permutations, scheme=empty.scheme)
        for other in sorted(index.query(minhash)):
            if groups.root(number) == groups.root(other):
                continue
            for one in (number, other):
                if one not in samples:
                    samples[one] = sample(shingles(texts[one]))
            alike = similarity(samples[number], samples[other])
            if alike >= THRESHOLD:
                groups.join(number, other)
                yield min(alike, 0.999), *sorted((number, other))
        if is_fresh[number]:
            index.insert(number, minhash)


class _Groups:
    """Which numbers are connected (union-find)."""

    def __init__(self, size: int) -> None:
        self._parents = list(range(size))

    def root(self, number: int) -> int:
        """What stands for the group of ``number``."""
        while self._parents[number] != number:
            self._parents[number] = number = self._parents[self._parents[number]]
        return number

    def join(self, one: int, other: int) -> None:
        """Makes one group of two."""
        self._parents[self.root(other)] = self.root(one)


def _clash(first: Unit, second: Unit) -> bool:
    """Whether both hold on some day and neither replaces the other."""
    if first.source == second.source and (second.path in first.scope.supersedes or first.path in second.scope.supersedes):
        return False
    one, other = first.scope, second.scope
    ends_before = one.effective_to is not None and other.effective_from is not None and one.effective_to < other.effective_from
    starts_after = other.effective_to is not None and one.effective_from is not None and other.effective_to < one.effective_from
    return not ends_before and not starts_after


def _pair(share: float, first: Unit, second: Unit) -> DuplicatePair:
    sides = [DuplicatePlace(unit.source, unit.path, unit.question) for unit in (first, second)]
    numbers_differ = _numbers(first.text) != _numbers(second.text)
    return DuplicatePair("document" if first.question is None else "faq", round(share, 3), numbers_differ, *sides)


def _numbers(text: str) -> list[str]:
    return sorted(_NUMBER.findall(unicodedata.normalize("NFKC", text)))
