"""Where a source is laid out that does not lie on the disk as files, and what listing one may use."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ingest.web.access import WebAccess


@dataclass(frozen=True, slots=True)
class SourceArea:
    """A private ``folder`` for one source, which need not exist yet and is removed by whoever gave it.

    ``known`` are the paths of the source's files in the live version: a web page that fails has to be found among them. ``begin`` is
    told how many pages will be fetched, ``advance`` hears of each.
    """

    folder: Path
    web: WebAccess = field(default_factory=WebAccess)
    known: frozenset[str] = frozenset()
    begin: Callable[[int], None] = lambda total: None
    advance: Callable[[int], None] = lambda steps: None
