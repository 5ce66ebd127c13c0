"""Editions of one document: files of one folder whose names differ in a year, a date or a version only.

So ``returns-2026.md`` is a later edition of ``returns-2025.md``, and of ``returns.md`` if that holds from an earlier day.
"""

import re
from collections.abc import Iterator, Sequence

from kb.scoped_document import ScopedDocument

_EDITION = re.compile(
    r"[-_ .(（]*(?:(?<!\d)(?:19|20)\d{2}(?:[-_.]?(?:0[1-9]|1[0-2])(?:[-_.]?(?:0[1-9]|[12]\d|3[01]))?)?(?!\d)\s?年?版?"
    r"|(?<=[-_ .])v\d{1,3}(?:\.\d{1,3})*(?!\w))[)）]?"
)


def family(path: str) -> str:
    """``path`` without what tells editions apart: a year, a date (``2026-03``, ``20260301``) or a version (``v2``) in the name."""
    folder, slash, name = path.rpartition("/")
    stem, dot, ending = name.rpartition(".")
    bare = _EDITION.sub("", stem if dot else name)
    return f"{folder}{slash}{bare}{dot}{ending if dot else ''}" if bare.strip("-_ .") else path


def later_editions(documents: Sequence[ScopedDocument]) -> Iterator[tuple[int, int]]:
    """Pairs of positions in ``documents``: the former is an edition that the latter, which holds from a later day, replaces.

    Both must say from when they hold, and be for the same audience, regions, channels and products: a rule for the EU is no later
    edition of the general one. Where the later one has run out, the earlier one holds again unless it has run out too.
    """
    families: dict[object, list[int]] = {}
    for number, document in enumerate(documents):
        scope = document.scope
        if scope.effective_from is not None:
            key = (document.source, family(document.path), scope.audience, scope.regions, scope.channels, scope.products)
            families.setdefault(key, []).append(number)
    for numbers in families.values():
        for earlier in numbers:
            for later in numbers:
                if _begins(documents[earlier]) < _begins(documents[later]) and documents[earlier].path != documents[later].path:
                    yield earlier, later


def _begins(document: ScopedDocument) -> int:
    day = document.scope.effective_from
    return day.toordinal() if day is not None else 0
