"""Puts placeholders in the place of personal data, and back again."""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property

from rag.privacy.clause import end_of_clause
from rag.privacy.finder import PersonalDataFinder, finder_of
from rag.privacy.found import PLACEHOLDER, PLACEHOLDERS, Found
from rag.privacy.labels import LEFT_WINDOW
from rag.privacy.phone import DEFAULT_REGIONS


class Masker:
    """Masks the texts of one conversation: the same number is the same placeholder in all of them. Not for concurrent use.

    The first phone number is ``[phone]``, another one ``[phone 2]``, and so for each kind.
    """

    def __init__(self, finder: PersonalDataFinder | None = None, public: Sequence[str] = ()) -> None:
        """``public`` are texts whose personal data is nobody's secret, such as passages that are shown anyway: a shop's own contacts."""
        self._finder = finder or finder_of(DEFAULT_REGIONS)
        self._public = public
        self._placeholders: dict[tuple[str, str], str] = {}
        self._originals: dict[str, str] = {}

    @property
    def originals(self) -> Mapping[str, str]:
        """What each placeholder stands for, as it was first written."""
        return self._originals

    def mask(self, text: str) -> str:
        """``text`` with placeholders."""
        return self._replaced(text, self._finder.find(text))

    def mask_clause(self, before: str, clause: str) -> str:
        """``clause`` with placeholders; ``before`` is what stands before it, which is not changed."""
        return self._replaced(clause, self._finder.find_in(before, clause))

    @cached_property
    def _public_keys(self) -> frozenset[str]:
        return frozenset(found.key for text in self._public for found in self._finder.find(text))

    def _replaced(self, text: str, all_found: Sequence[Found]) -> str:
        parts, at = [], 0
        for found in all_found:
            if found.key not in self._public_keys:
                parts += [text[at : found.start], self._placeholder(found, text[found.start : found.end])]
                at = found.end
        return "".join([*parts, text[at:]])

    def _placeholder(self, found: Found, written: str) -> str:
        known = self._placeholders.get((found.kind, found.key))
        if known is None:
            number = 1 + sum(kind == found.kind for kind, _ in self._placeholders)
            known = f"[{PLACEHOLDERS[found.kind]}{'' if number == 1 else f' {number}'}]"
            self._placeholders[found.kind, found.key] = known
            self._originals[known] = written
        return known


class StreamMasker:
    """Masks a text that comes in pieces: what it gives out is what `Masker.mask` makes of the whole, however it was cut.

    It holds back the clause under way, at most `clause.MAX_CLAUSE` characters.
    """

    def __init__(self, masker: Masker | None = None) -> None:
        self._masker = masker or Masker()
        self._before = ""
        self._held = ""

    def feed(self, piece: str) -> str:
        """What is certain after ``piece``, masked; often nothing."""
        self._held += piece
        parts, start = [], 0
        while (end := end_of_clause(self._held, start)) is not None:
            parts.append(self._masked(self._held[start:end]))
            start = end
        self._held = self._held[start:]
        return "".join(parts)

    def finish(self) -> str:
        """The rest, masked."""
        rest, self._held = self._held, ""
        return self._masked(rest)

    def _masked(self, clause: str) -> str:
        masked = self._masker.mask_clause(self._before, clause)
        self._before = (self._before + clause)[-LEFT_WINDOW:]
        return masked


def mask(text: str, regions: Sequence[str] = DEFAULT_REGIONS) -> str:
    """``text`` with placeholders for the personal data in it: ``[e-mail]``, ``[phone]``, ``[card]``, ``[ID number]``, ``[address]``.

    Raises ConfigurationError when a region has no phone numbers.
    """
    return Masker(finder_of(tuple(regions))).mask(text)


def unmask(text: str, originals: Mapping[str, str]) -> str:
    """``text`` with what its placeholders stand for. A placeholder that is not in ``originals`` stays."""
    return PLACEHOLDER.sub(lambda match: originals.get(_canonical(match), match.group()), text)


def _canonical(match: "re.Match[str]") -> str:
    name = next(name for name in PLACEHOLDERS.values() if _letters(name) == _letters(match[1]))
    return f"[{name}{f' {match[2]}' if match[2] else ''}]"


def _letters(name: str) -> str:
    return name.casefold().replace("-", "")
