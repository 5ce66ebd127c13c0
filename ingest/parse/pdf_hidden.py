"""Text of a PDF page that nobody sees: taken out while the page is read, and counted for the report."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Literal

from pypdf import PageObject
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject, NameObject, PdfObject, StreamObject

from ingest.parse.pdf_canvas import INVISIBLE_MODE, Box, Canvas, Fill, Matrix, Paint, Shown, parts_of_space

Way = Literal["drawn invisibly", "in the colour of its background", "in letters too small to read", "outside the page", "covered"]
SMALLEST = 2.0
"""Points; print of that height is a grey line."""
NEAR = 0.06
"""Colours that differ by no more in any part are one to the eye."""
SCAN = 0.5
"""The share of a page that a picture fills from which invisible text is the text layer of a scan."""
MARGIN = 3.0
DEEPEST = 8
OPERAND_ERRORS = (ValueError, TypeError, IndexError, KeyError, AttributeError, ArithmeticError)


@contextmanager
def seen_text(page: PageObject) -> Iterator[Counter[Way]]:
    """While the block runs, ``page`` shows only text that a reader sees; yields how many stretches are left out, by the way of hiding.

    Invisible text over a scan stays: it is what OCR read. Raises one of PAGE_ERRORS if the page is damaged.
    """
    walk = _Walk(page)
    counts = walk.hide() if walk.read() else Counter[Way]()
    try:
        yield counts
    finally:
        walk.restore()


def unseen_note(number: int, counts: Mapping[Way, int]) -> str | None:
    """One sentence for the report about page ``number``; None if nothing was hidden."""
    if not counts:
        return None
    listed = ", ".join(f"{count} {way}" for way, count in counts.items())
    return f"text that a reader of page {number} does not see was left out ({listed})"


class _Walk:
    """One page, its content stream and those of its forms."""

    def __init__(self, page: PageObject) -> None:
        self._page = page
        self._canvas = Canvas()
        self._streams: list[ContentStream] = []
        self._undo: list[tuple[DictionaryObject, str, Any]] = []
        self._inside: set[int] = set()

    def read(self) -> bool:
        """Follow the page's operators. False if it has none."""
        contents = self._page.get("/Contents")
        if contents is None:
            return False
        stream = ContentStream(contents.get_object(), self._page.pdf, "bytes")
        self._put(self._page, "/Contents", stream)
        self._follow(stream, _dictionary(self._page.get("/Resources")), 0)
        return True

    def hide(self) -> Counter[Way]:
        """Take hidden text out of the streams."""
        box = _page_box(self._page)
        area = (box[2] - box[0]) * (box[3] - box[1])
        is_scan = self._canvas.picture_area >= SCAN * area
        hidden = [(shown, way) for shown in self._canvas.shown if (way := _way(shown, box, is_scan, self._canvas.fills)) is not None]
        counts: Counter[Way] = Counter()
        last: tuple[int, int, Way] | None = None
        for shown, way in hidden:
            if last is None or last[0] != shown.stream or last[2] != way or shown.index - last[1] > 4:
                counts[way] += 1
            last = (shown.stream, shown.index, way)
        for number, stream in enumerate(self._streams):
            gone = {shown.index for shown, _ in hidden if shown.stream == number}
            if gone:
                stream.operations = [operation for index, operation in enumerate(stream.operations) if index not in gone]
        return counts

    def restore(self) -> None:
        """Put everything back as it was."""
        for holder, name, value in reversed(self._undo):
            holder[NameObject(name)] = value

    def _put(self, holder: DictionaryObject, name: str, stream: ContentStream) -> None:
        self._undo.append((holder, name, holder.raw_get(name)))
        holder[NameObject(name)] = stream

    def _follow(self, stream: ContentStream, resources: DictionaryObject, depth: int) -> None:
        number = len(self._streams)
        self._streams.append(stream)
        for index, (operands, operator) in enumerate(stream.operations):
            try:
                self._operate(operator, operands, number, index, resources, depth)
            except OPERAND_ERRORS:  # what the operator wants cannot be told; pypdf and viewers pass over it too
                continue

    def _operate(
        self, operator: bytes, operands: Sequence[Any], number: int, index: int, resources: DictionaryObject, depth: int
    ) -> None:
        if operator == b"Do":
            self._do(str(operands[0]), resources, depth)
        elif operator == b"INLINE IMAGE":
            self._canvas.picture()
        elif operator == b"cs":
            self._canvas.use_space(_parts(str(operands[0]), resources))
        elif operator == b"gs":
            self._extend(str(operands[0]), resources)
        else:
            self._canvas.operate(operator, operands, number, index)
            if operator == b"Tf":
                font = _dictionary(_dictionary(resources.get("/Font")).get(str(operands[0])))
                self._canvas.state = replace(self._canvas.state, scalable=font.get("/Subtype") != "/Type3")

    def _do(self, name: str, resources: DictionaryObject, depth: int) -> None:
        holder = _dictionary(resources.get("/XObject"))
        form = holder[name].get_object()
        if not isinstance(form, StreamObject) or form.get("/Subtype") != "/Form":
            self._canvas.picture()
            return
        if depth >= DEEPEST or id(form) in self._inside:
            return
        stream = ContentStream(form, self._page.pdf, "bytes")
        stream.update({key: value for key, value in form.items() if key not in ("/Filter", "/DecodeParms", "/Length")})
        self._put(holder, name, stream)
        self._inside |= {id(form), id(stream)}
        before = self._canvas.enter(_form_matrix(form))
        self._follow(stream, _dictionary(form.get("/Resources")) or resources, depth + 1)
        self._canvas.leave(before)
        self._inside -= {id(form), id(stream)}

    def _extend(self, name: str, resources: DictionaryObject) -> None:
        extension = _dictionary(_dictionary(resources.get("/ExtGState")).get(name))
        opacity = float(extension.get("/ca", self._canvas.state.opacity))
        mixes = extension.get("/BM") not in (None, "/Normal", "/Compatible")
        self._canvas.state = replace(self._canvas.state, opacity=min(opacity, 0.9) if mixes else opacity)


def _way(shown: Shown, page: Box, is_scan: bool, fills: list[Fill]) -> Way | None:
    state = shown.state
    if state.mode == INVISIBLE_MODE:
        return None if is_scan else "drawn invisibly"
    if state.opacity <= 0.05:
        return "drawn invisibly"
    if state.scalable and shown.size < SMALLEST:
        return "in letters too small to read"
    left, lower, right, upper = shown.box
    if right < page[0] - MARGIN or left > page[2] + MARGIN or upper < page[1] - MARGIN or lower > page[3] + MARGIN:
        return "outside the page"
    if state.mode in (0, 4) and _alike(state.paint, shown.background):
        return "in the colour of its background"
    covering = (fill for fill in fills if fill.covers and fill.order > shown.order)
    if any(fill.box[0] <= left and fill.box[2] >= right and fill.box[1] <= lower and fill.box[3] >= upper for fill in covering):
        return "covered"
    return None


def _alike(one: Paint, other: Paint) -> bool:
    return one is not None and other is not None and all(abs(a - b) <= NEAR for a, b in zip(one, other, strict=True))


def _page_box(page: PageObject) -> Box:
    media, crop = page.mediabox, page.cropbox
    return (
        max(float(media.left), float(crop.left)),
        max(float(media.bottom), float(crop.bottom)),
        min(float(media.right), float(crop.right)),
        min(float(media.top), float(crop.top)),
    )


def _parts(name: str, resources: DictionaryObject) -> int:
    """How many parts the colour space ``name`` has whose meaning is known; 0 otherwise."""
    known = parts_of_space(name)
    if known:
        return known
    space = _dictionary(resources.get("/ColorSpace")).get(name)
    space = space.get_object() if space is not None else None
    if isinstance(space, NameObject):
        return parts_of_space(str(space))
    if isinstance(space, ArrayObject) and space and str(space[0]) in ("/ICCBased", "/CalRGB", "/CalGray"):
        return {"/CalRGB": 3, "/CalGray": 1}.get(str(space[0])) or int(space[1].get_object()["/N"])
    return 0


def _form_matrix(form: StreamObject) -> Matrix:
    values = form.get("/Matrix")
    if not isinstance(values, ArrayObject) or len(values) != 6:
        return 1.0, 0.0, 0.0, 1.0, 0.0, 0.0
    a, b, c, d, e, f = (float(value) for value in values)
    return a, b, c, d, e, f


def _dictionary(value: object) -> DictionaryObject:
    found = value.get_object() if isinstance(value, PdfObject) else None
    return found if isinstance(found, DictionaryObject) else DictionaryObject()
