"""A document as far as decides who may be shown it, and when."""

from dataclasses import dataclass

from kb.scope import Scope


@dataclass(frozen=True, slots=True)
class ScopedDocument:
    """As much of a document as decides who may be shown it. ``scope`` is the document's own."""

    source: str
    path: str
    scope: Scope
