"""How well personal data is told from what only looks like it: made values in hand-written sentences, Chinese and English.

``citedesk eval personal-data``. In half of the items of ``eval/personal_data.jsonl`` nothing is personal: order and serial numbers, prices,
dates, codes. They were made (scripts/personal_data.py) before there was anything to tune.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.json_lines import read_json_lines
from eval.question import Half, half_of
from kb.errors import ConfigurationError
from rag.privacy.finder import PersonalDataFinder
from rag.privacy.found import KINDS, Found, Kind

ITEMS_FILE = Path(__file__).with_name("personal_data.jsonl")
TOLERANCE = 2
"""Characters by which a find may be wider than what is personal: a bracket, a quote."""


@dataclass(frozen=True, slots=True)
class PersonalSpan:
    """What is personal: characters ``start`` to ``end``."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PersonalItem:
    """One text. ``kind`` is what it holds, or what it only looks as if it held."""

    id: str
    language: str
    kind: Kind
    personal: bool
    text: str
    spans: tuple[PersonalSpan, ...]

    @property
    def half(self) -> Half:
        """``tune`` or ``test``, by a hash of the sentence that it was made from: no sentence is in both."""
        return half_of(self.id.rpartition(".")[0])


@dataclass(frozen=True, slots=True)
class PersonalDataRow:
    """One line of the table, rates in [0, 1]: of ``personal`` spans how many were found, of ``found`` ones how many are personal."""

    half: str
    kind: str
    language: str
    items: int
    personal: int
    recall: float | None
    found: int
    precision: float | None


def read_items(path: Path = ITEMS_FILE) -> list[PersonalItem]:
    """The items in ``path``, one JSON object a line.

    Raises:
        ConfigurationError: there are none, or a line is malformed.
    """
    items = read_json_lines(path, _item, "An item")
    if not items:
        raise ConfigurationError(f"There are no items in {path}.")
    return items


def _item(entry: dict[str, Any]) -> PersonalItem:
    return PersonalItem(**{**entry, "spans": tuple(PersonalSpan(**span) for span in entry["spans"])})


def find_all(
    finder: PersonalDataFinder, items: Sequence[PersonalItem], advance: Callable[[int], None] = lambda _: None
) -> list[list[Found]]:
    """What ``finder`` finds in each item; ``advance`` is told after each one."""
    results = []
    for item in items:
        results.append(finder.find(item.text))
        advance(1)
    return results


def is_right(item: PersonalItem, found: Found) -> bool:
    """Whether ``found`` is personal data of ``item``, of the right kind and no wider than it."""
    return any(
        found.kind == span.kind and span.start - TOLERANCE <= found.start < span.end and span.start < found.end <= span.end + TOLERANCE
        for span in item.spans
    )


def is_found(span: PersonalSpan, found: Sequence[Found]) -> bool:
    """Whether all of ``span`` is found, as its kind."""
    return any(one.kind == span.kind and one.start <= span.start and span.end <= one.end for one in found)


def is_wrong(item: PersonalItem, found: Sequence[Found]) -> bool:
    """Whether something of ``item`` was missed, or found where nothing is."""
    return not all(is_found(span, found) for span in item.spans) or not all(is_right(item, one) for one in found)


def tabulate(items: Sequence[PersonalItem], results: Sequence[Sequence[Found]]) -> list[PersonalDataRow]:
    """A row for each half (and both), kind and language (and all). What is found counts also in items of another kind."""
    judged = list(zip(items, results, strict=True))
    languages = (*sorted({item.language for item in items}), "all")
    return [
        _row(half, kind, language, [one for one in judged if half in (one[0].half, "both") and language in (one[0].language, "all")])
        for half in ("tune", "test", "both")
        for kind in KINDS
        for language in languages
    ]


def _row(half: str, kind: Kind, language: str, judged: Sequence[tuple[PersonalItem, Sequence[Found]]]) -> PersonalDataRow:
    seen = [is_found(span, found) for item, found in judged for span in item.spans if span.kind == kind]
    right = [is_right(item, one) for item, found in judged for one in found if one.kind == kind]
    count = sum(item.kind == kind for item, _ in judged)
    return PersonalDataRow(half, kind, language, count, len(seen), _share(seen), len(right), _share(right))


def _share(outcomes: Sequence[bool]) -> float | None:
    return sum(outcomes) / len(outcomes) if outcomes else None
