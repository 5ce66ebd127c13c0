"""The difference of two versions as one self-contained HTML page: no script, nothing from elsewhere, everything escaped."""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ingest.version_diff import DocumentChange
from ingest.word_marks import Mark, mark_words
from kb.text.printable import printable, printable_line
from server.diff import words
from server.diff.report import PAGE_LIMITS, DiffReport, Limits

_TEMPLATES = Path(__file__).parent / "templates"
Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True)
class _Section:
    """A chapter of the page. ``count`` is how many entries there are, ``entries`` those that are shown."""

    anchor: str
    title: str
    count: int
    entries: Sequence[Any]

    @property
    def hidden(self) -> int:
        return self.count - len(self.entries)


def render_page(report: DiffReport, limits: Limits = PAGE_LIMITS) -> bytes:
    """The page as UTF-8 HTML. Lists are cut to ``limits``, with the number of what is not shown."""
    environment = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.filters.update(shown=printable, line=printable_line)
    style = (_TEMPLATES / "diff.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    # The digest admits this one style and nothing else: what slips in through a document cannot even be styled.
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    page = environment.get_template("diff.html").render(
        report=report,
        diff=report.diff,
        policy=policy,
        style=Markup(style),
        sections=_sections(report, limits),
        limits=limits,
        words=words,
        sides=_sides,
        cut=lambda text: _cut(text, limits.characters),
    )
    return page.encode("utf-8", "replace")


def _sections(report: DiffReport, limits: Limits) -> list[_Section]:
    """All chapters in the order in which an operator needs them; empty ones too, so that nothing seems forgotten."""
    diff = report.diff
    contradictions = report.contradictions
    answers = () if report.answers is None else report.answers.changes
    pairs = contradictions.pairs[: limits.entries]
    return [
        _section("widened", "Now visible to the public", diff.widened, limits),
        *([] if report.answers is None else [_section("answers", "Answers that change", answers, limits)]),
        _Section("contradictions", "Documents that contradict each other", contradictions.found, pairs),
        *(_section(kind, f"{title} documents", _ordered(diff.of_kind(kind)), limits) for kind, title in words.DOCUMENT_KINDS.items()),
        _section("expiring", "Expire within 30 days", diff.expiring, limits),
        _section("starting", "Take effect within 30 days", diff.starting, limits),
    ]


def _section(anchor: str, title: str, entries: Sequence[Entry], limits: Limits) -> _Section:
    return _Section(anchor, title, len(entries), entries[: limits.entries])


def _ordered(documents: Iterable[DocumentChange]) -> list[DocumentChange]:
    return sorted(documents, key=lambda document: not document.widened)


def _sides(old: str, new: str) -> tuple[list[Mark], list[Mark]]:
    """What stands left and right: the words that stayed, with those that went or came marked."""
    marks = [Mark(mark.kind, printable(mark.text)) for mark in mark_words(old, new)]
    return [mark for mark in marks if mark.kind != "added"], [mark for mark in marks if mark.kind != "removed"]


def _cut(text: str, characters: int | None) -> str:
    return text if characters is None or len(text) <= characters else f"{text[:characters]} …"
