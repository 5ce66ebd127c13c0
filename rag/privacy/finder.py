"""Finds personal data in a text, clause by clause."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from rag.privacy.address import find_addresses
from rag.privacy.card import is_card
from rag.privacy.chinese_id import end_of_id
from rag.privacy.clause import clauses
from rag.privacy.digit_run import Candidate, candidates, is_whole
from rag.privacy.email import email_key, find_emails
from rag.privacy.found import Found, plain
from rag.privacy.labels import LEFT_WINDOW, Labels
from rag.privacy.phone import DEFAULT_REGIONS, EXTENSION, PhoneRules

MIN_DIGITS = 7
MAX_TRIED = 100
"""Groupings of digits that are looked at in one clause: thirty phone numbers need sixty, a table of figures hundreds."""
_DIGIT = re.compile(r"\d", re.ASCII)


class PersonalDataFinder:
    """Finds personal data. Immutable after it was made; safe for concurrent use.

    What is found in a clause depends on the clause and on the `LEFT_WINDOW` characters before it, never on what follows it:
    so a stream can be searched clause by clause, and holds what the whole text holds.
    """

    def __init__(self, regions: Sequence[str] = DEFAULT_REGIONS) -> None:
        """``regions``: see `PhoneRules`. Raises ConfigurationError when one has no phone numbers."""
        self._phones = PhoneRules(regions)

    def find(self, text: str) -> list[Found]:
        """All personal data in ``text``, in order, no two overlapping."""
        found: list[Found] = []
        for start, end in clauses(text):
            found += self.find_in(text[max(0, start - LEFT_WINDOW) : start], text[start:end], start)
        return found

    def find_in(self, before: str, clause: str, offset: int = 0) -> list[Found]:
        """The personal data of one clause, behind the text ``before`` it; ``offset`` is added to the spans."""
        written, context = plain(clause), plain(before)
        taken: list[Found] = []
        for found in (*_emails(written), *self._numbers(context, written), *_addresses(written)):
            if all(found.end <= other.start or other.end <= found.start for other in taken):
                taken.append(found)
        moved = [Found(found.kind, found.start + offset, found.end + offset, found.key) for found in taken]
        return sorted(moved, key=lambda found: found.start)

    def _numbers(self, context: str, text: str) -> Iterator[Found]:
        if len(_DIGIT.findall(text)) < MIN_DIGITS:
            return
        end = tried = 0
        labels = Labels(context, text)
        for choices in candidates(text):
            for candidate in choices:
                if candidate.start < end or len(candidate.digits) < MIN_DIGITS:
                    continue
                tried += 1
                if tried > MAX_TRIED:
                    return
                if (found := self._number(labels, text, candidate)) is not None:
                    yield found
                    end = found.end
                    break

    def _number(self, labels: Labels, text: str, candidate: Candidate) -> Found | None:
        said = labels.around(candidate.start, candidate.end)
        end = end_of_id(candidate, text, said)
        if end is not None:
            return Found("id", candidate.start, end, text[candidate.start : end].replace(" ", "").upper()) if is_whole(text, end) else None
        extension = EXTENSION.match(text, candidate.end)
        if extension is None and not is_whole(text, candidate.end):
            return None
        if is_card(candidate, said):
            return Found("card", candidate.start, candidate.end, candidate.digits)
        key = self._phones.key_of(candidate, said)
        end = candidate.end if extension is None else extension.end()
        return None if key is None else Found("phone", candidate.start, end, key)


def find_personal_data(text: str, regions: Sequence[str] = DEFAULT_REGIONS) -> list[Found]:
    """All personal data in ``text``, in order. Raises ConfigurationError when a region has no phone numbers."""
    return finder_of(tuple(regions)).find(text)


@lru_cache(maxsize=16)
def finder_of(regions: tuple[str, ...]) -> PersonalDataFinder:
    """The finder for ``regions``, made once."""
    return PersonalDataFinder(regions)


def _emails(text: str) -> Iterator[Found]:
    return (Found("e-mail", start, end, email_key(text[start:end])) for start, end in find_emails(text))


def _addresses(text: str) -> Iterator[Found]:
    if _DIGIT.search(text) is None:
        return iter(())
    return (Found("address", start, end, " ".join(text[start:end].casefold().split())) for start, end in find_addresses(text))
