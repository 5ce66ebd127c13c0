"""A document shown as a page of those passages that the reader may see, the cited one marked."""

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kb.document import Document
from kb.passage import Passage

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class _Row:
    """A passage on the page. ``new_heading`` unless the passage before stands under the same headings."""

    passage: Passage
    heading: str
    new_heading: bool
    cited: bool


class PageRenderer:
    """Renders pages. Everything from a document is escaped."""

    def __init__(self) -> None:
        self._templates = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined)

    def document(self, document: Document, passages: list[Passage], cited: str | None, note: str = "") -> bytes:
        """The page of a document, with a ``note`` for whoever expected the file itself."""
        page = self._templates.get_template("document.html")
        return page.render(document=document, rows=_rows(passages, cited), note=note).encode()

    def problem(self, title: str, message: str) -> bytes:
        """The page that says why there is nothing to see."""
        return self._templates.get_template("problem.html").render(title=title, message=message).encode()


def _rows(passages: list[Passage], cited: str | None) -> list[_Row]:
    rows: list[_Row] = []
    before = ""
    for passage in passages:
        heading = " › ".join(passage.heading_path)
        rows.append(_Row(passage, heading, bool(heading) and heading != before, passage.id == cited))
        before = heading
    return rows
