"""The text inside a Word paragraph: with tracked insertions, without deletions, hidden text and field codes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ingest.parse.docx_numbering import W, value
from ingest.parse.docx_styles import StyleSheet, is_on
from ingest.parse.draft import clean_characters
from ingest.parse.html import unwrap_breaks

MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
PICTURES = (
    "{http://schemas.openxmlformats.org/drawingml/2006/main}blip",
    "{urn:schemas-microsoft-com:vml}imagedata",
)
INLINE = "hyperlink ins moveTo smartTag sdt sdtContent fldSimple dir bdo customXml ruby rubyBase"
WRAPPERS = frozenset(f"{W}{name}" for name in INLINE.split())
GRAPHICS = frozenset(f"{W}{name}" for name in "drawing pict object".split())
CHARACTERS = {f"{W}tab": " ", f"{W}ptab": " ", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
REFERENCES = {f"{W}footnoteReference": "footnote", f"{W}endnoteReference": "endnote"}


@dataclass(slots=True)
class InlineText:
    """What a paragraph holds: its text; and beside it text boxes, references to notes as ``(kind, id)``, and pictures."""

    text: str = ""
    boxes: list[Any] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    pictures: int = 0
    has_hidden: bool = False
    is_bold: bool = True  # every letter of it
    size: int = 0  # of its largest letters, in half points; 0 if only the style says


class InlineReader:
    """Reads paragraphs of one document."""

    def __init__(self, styles: StyleSheet) -> None:
        self._styles = styles

    def read(self, paragraph: Any) -> InlineText:  # noqa: ANN401 an element of lxml, which ships no types
        """The content of a ``w:p`` element."""
        result, parts = InlineText(), list[str]()
        properties = paragraph.find(W + "pPr")
        style = self._styles.style(None if properties is None else value(properties, "pStyle"))
        self._read_children(paragraph, result, parts, (style.is_hidden, style.is_bold))
        result.text = unwrap_breaks(clean_characters("".join(parts)))
        result.is_bold = result.is_bold and bool(result.text)
        return result

    def _read_children(self, parent: Any, result: InlineText, parts: list[str], style: tuple[bool, bool]) -> None:  # noqa: ANN401
        for child in parent.iterchildren("*"):
            if child.tag == W + "r":
                self._read_run(child, result, parts, style)
            elif child.tag in WRAPPERS:
                self._read_children(child, result, parts, style)
            elif child.tag == COMPATIBILITY + "AlternateContent":
                self._read_children(choice(child), result, parts, style)
            elif child.tag.startswith(MATH):
                parts.append("".join(str(item.text or "") for item in child.iter(MATH + "t")))

    def _read_run(self, run: Any, result: InlineText, parts: list[str], style: tuple[bool, bool]) -> None:  # noqa: ANN401
        hidden, bold, size = self._look(run, style)
        if hidden:
            result.has_hidden = result.has_hidden or any(text.text for text in run.iter(W + "t"))
            return
        read = _RunReader(result, parts, self._read_children, style)
        for child in run.iterchildren("*"):
            if read.child(child):
                result.is_bold = result.is_bold and bold
                result.size = max(result.size, size)

    def _look(self, run: Any, style: tuple[bool, bool]) -> tuple[bool, bool, int]:  # noqa: ANN401
        """Whether a run is hidden, whether it is bold, and its size in half points (0: not said)."""
        properties = run.find(W + "rPr")
        if properties is None:
            return (*style, 0)
        named = value(properties, "rStyle")
        own = self._styles.style(named) if named is not None else None
        hidden, bold = is_on(properties, "vanish"), is_on(properties, "b")
        size = value(properties, "sz") or "0"
        return (
            (style[0] or (own is not None and own.is_hidden)) if hidden is None else hidden,
            (style[1] or (own is not None and own.is_bold)) if bold is None else bold,
            int(size) if size.isdigit() and len(size) < 5 else 0,
        )


@dataclass(frozen=True, slots=True)
class _RunReader:
    """Takes in the children of one run."""

    result: InlineText
    parts: list[str]
    descend: Callable[[Any, InlineText, list[str], tuple[bool, bool]], None]
    style: tuple[bool, bool]

    def child(self, item: Any) -> bool:  # noqa: ANN401
        """Takes in ``item``; whether it is visible text."""
        tag = item.tag
        if tag == W + "t":
            self.parts.append(str(item.text or ""))
            return bool((item.text or "").strip())
        if tag in CHARACTERS:
            self.parts.append(CHARACTERS[tag])
        elif tag in REFERENCES:
            self.result.notes.append((REFERENCES[tag], str(item.get(W + "id"))))
        elif tag in GRAPHICS:
            self._graphic(item)
        elif tag == COMPATIBILITY + "AlternateContent":
            for part in choice(item).iterchildren("*"):
                self.child(part)
        elif tag == W + "sym":
            self.parts.append(_symbol(item))
        elif tag == W + "ruby":
            self.descend(item, self.result, self.parts, self.style)
        return False

    def _graphic(self, item: Any) -> None:  # noqa: ANN401
        boxes = list(_boxes(item))
        self.result.boxes += boxes
        if not boxes:
            self.result.pictures += any(True for _ in item.iter(*PICTURES))


def choice(item: Any) -> Any:  # noqa: ANN401
    """The first alternative of an ``mc:AlternateContent``: the others say the same for older programs."""
    found = item.find(COMPATIBILITY + "Choice")
    if found is None:
        found = item.find(COMPATIBILITY + "Fallback")
    return item if found is None else found


def _boxes(item: Any) -> Iterator[Any]:  # noqa: ANN401
    """The text boxes in a drawing, not those within them."""
    for child in item.iterchildren("*"):
        if child.tag == W + "txbxContent":
            yield child
        else:
            yield from _boxes(choice(child) if child.tag == COMPATIBILITY + "AlternateContent" else child)


def _symbol(item: Any) -> str:  # noqa: ANN401
    """A character by its code; those of symbol fonts stand in the private area and mean nothing in another font."""
    try:
        code = int(str(item.get(W + "char")), 16)
    except ValueError:
        return ""
    return "" if 0xE000 <= code <= 0xF8FF or code > 0x10FFFF else chr(code)
