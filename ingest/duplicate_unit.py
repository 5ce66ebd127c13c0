"""What is compared when duplicates are looked for: documents, and FAQ pairs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ingest.mirror import SourceContent
from kb.scope import Scope

Place: TypeAlias = tuple[str, str]
"""A document's source and its path within it."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What is compared: a document, or one FAQ pair (then ``question`` is its own). ``scope`` tells since when it holds."""

    source: str
    path: str
    text: str
    scope: Scope
    question: str | None = None

    @property
    def place(self) -> Place:
        """The document that it is or stands in."""
        return self.source, self.path


def document_units(contents: Sequence[SourceContent]) -> Iterator[Unit]:
    """Every document."""
    for content in contents:
        for path, item in content.documents.items():
            yield Unit(content.source, path, item.document.text, item.document.scope)


def faq_units(contents: Sequence[SourceContent]) -> Iterator[Unit]:
    """Every FAQ pair of a document that holds several: one alone is compared as a document."""
    for content in contents:
        for path, item in content.documents.items():
            pairs = [passage for passage in item.passages if passage.kind == "faq"]
            for passage in pairs if len(pairs) > 1 else ():
                yield Unit(content.source, path, passage.text, passage.scope, passage.text.partition("\n")[0])


def touched_places(given: Sequence[SourceContent]) -> frozenset[Place]:
    """The documents that are new or changed in this run."""
    return frozenset((report.source, report.path) for content in given for report in content.reports if report.state == "ingested")
