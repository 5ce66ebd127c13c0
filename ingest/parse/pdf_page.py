"""One PDF page to lines of text with their boxes, by pypdf."""

import math
import re
import struct
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from pypdf import PageObject
from pypdf.errors import DependencyError, DeprecationError, PyPdfError
from pypdf.generic import DictionaryObject
from pypdf.generic._font import Font

from ingest.parse.draft import clean_characters

# What pypdf raises on damaged pages, besides its own errors: fuzzed files reach its dictionaries and numbers unchecked.
PAGE_ERRORS = (
    PyPdfError, DependencyError, DeprecationError, ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError,
    ArithmeticError, RecursionError, NotImplementedError, EOFError, OSError, struct.error, zlib.error,
)  # fmt: skip
ASCENT, DESCENT = 0.8, 0.22  # of the font size; the box only marks the line on the page
LIST_MARK = re.compile(r"[-•‣▪■□◆●○–·➢✓]|\(?\w{1,2}[.)]|\d{1,2}")
LINE_STEP = 0.55  # of the font size: letters that stand further up or down are on another line, no index or exponent
GRID_LINES = 3  # two columns have three upright lines
DRAWING_STROKES = 50  # a page without text but with that many may show letters as outlines
MOST_STROKES = 3000  # more is a drawing; looking for tables in it would take minutes
THICKEST_LINE = 3.0  # points; a thinner rectangle is a line
DEFAULT_WIDTH = 500.0  # thousandths of the font size, for fonts that cannot be read
LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
SYMBOLS = {
    0xF0B7: "•",
    0xF0A7: "▪",
    0xF0D8: "➢",
    0xF0FC: "✓",
    0xF0E0: "→",
    0xF0B0: "°",
    0xF02D: "-",
    0xA0: " ",
    0x2002: " ",
    0x2003: " ",
    0x3000: " ",
}
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_CHARACTERS: dict[int, str] = LIGATURES | SYMBOLS


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page. The box is in PDF points from the lower left; ``baseline`` is where the letters stand.

    ``usual_size`` is given on recognised pages, whose sizes are estimates: the one of most of the page's letters.
    """

    page: int
    text: str
    x0: float
    x1: float
    baseline: float
    size: float
    bold: bool
    usual_size: float | None = None

    @property
    def y0(self) -> float:
        """Lower edge of the box."""
        return self.baseline - DESCENT * self.size

    @property
    def y1(self) -> float:
        """Upper edge of the box."""
        return self.baseline + ASCENT * self.size


@dataclass(frozen=True, slots=True)
class PageLines:
    """What one page holds. ``has_grid`` says that enough lines are drawn on it for a table, ``has_frame`` for one row of it.

    ``has_pictures`` counts drawings of many strokes too (letters drawn as outlines); ``picture_share`` is the largest image's share of
    the page's area, ``height`` is in points. ``control_characters`` is how many of them were taken out of the text: glyph numbers
    without a meaning.
    """

    number: int
    lines: tuple[Line, ...]
    bottom: float
    height: float
    has_grid: bool
    has_pictures: bool
    picture_share: float = 0.0
    has_frame: bool = False
    control_characters: int = 0


@dataclass(slots=True)
class _OpenLine:
    parts: list[str] = field(default_factory=list)
    left: list[float] = field(default_factory=list)
    right: list[float] = field(default_factory=list)
    baselines: list[tuple[int, float]] = field(default_factory=list)
    sizes: Counter[float] = field(default_factory=Counter)
    bold: int = 0
    letters: int = 0


class PageReader:
    """Collects what pypdf tells about one page. pypdf's pieces, put together, are its text: line breaks and word gaps are its judgement."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.lines: list[Line] = []
        self._upright: Counter[int] = Counter()
        self._level: Counter[int] = Counter()
        self._pen = (0.0, 0.0)
        self._line = _OpenLine()
        self._fonts: dict[int, Font | None] = {}
        self._angles: Counter[int] = Counter()
        self._line_angles: list[int] = []
        self._current_angle = 0
        self.largest_picture = 0.0
        self.strokes = 0
        self.control_characters = 0

    def text(self, text: str, cm: list[float], tm: list[float], font: DictionaryObject | None, size: float) -> None:
        """pypdf's visitor for text."""
        a, b = tm[0] * cm[0] + tm[1] * cm[2], tm[0] * cm[1] + tm[1] * cm[3]
        c, d = tm[2] * cm[0] + tm[3] * cm[2], tm[2] * cm[1] + tm[3] * cm[3]
        x, y = tm[4] * cm[0] + tm[5] * cm[2] + cm[4], tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        angle = round(math.degrees(math.atan2(b, a)) / 15) * 15 % 360
        for number, piece in enumerate(text.split("\n")):
            if number:
                self._close_line()
            if piece:
                self._add(piece, x, y, abs(size) * math.hypot(c, d), abs(size) * math.hypot(a, b), font, angle)

    def operand(self, operator: bytes, operands: Sequence[object], cm: list[float], tm: object) -> None:
        """pypdf's visitor for operators."""
        if operator in (b"Do", b"INLINE IMAGE"):  # an image fills the unit square, as the matrix stretches it
            self.largest_picture = max(self.largest_picture, abs(cm[0] * cm[3] - cm[1] * cm[2]))
            self.strokes += DRAWING_STROKES if operator == b"INLINE IMAGE" else 0
        if operator in (b"re", b"l", b"c", b"v", b"y"):
            self.strokes += 1
        if operator not in (b"re", b"m", b"l"):
            return
        values = [float(value) for value in operands if isinstance(value, (int, float))]
        if operator == b"re" and len(values) == 4:
            x, y, width, height = values
            self._add_rectangle(_transform(x, y, cm), _transform(x + width, y + height, cm))
        elif len(values) == 2:
            point = _transform(values[0], values[1], cm)
            if operator == b"l":
                self._add_stroke(self._pen, point)
            self._pen = point

    @property
    def has_grid(self) -> bool:
        """Whether the page shows enough upright and level lines for a table of two columns and two rows, and is no drawing."""
        return len(self._level) >= GRID_LINES and self.has_frame

    @property
    def has_frame(self) -> bool:
        """Whether the page shows enough lines for one row of two columns, and is no drawing."""
        upright, level = len(self._upright), len(self._level)
        return upright >= GRID_LINES and level >= 2 and sum(self._upright.values()) + sum(self._level.values()) <= MOST_STROKES

    def _add_rectangle(self, one: tuple[float, float], other: tuple[float, float]) -> None:
        (x0, y0), (x1, y1) = one, other
        if abs(x1 - x0) > THICKEST_LINE:
            self._level.update({_position(y0), _position(y1)})
        if abs(y1 - y0) > THICKEST_LINE:
            self._upright.update({_position(x0), _position(x1)})

    def _add_stroke(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        if abs(start[0] - end[0]) < 1:
            self._upright[_position(start[0])] += 1
        elif abs(start[1] - end[1]) < 1:
            self._level[_position(start[1])] += 1
        else:
            self._upright[-1] += 1  # part of a drawing: counts against the limit

    def finish(self) -> tuple[Line, ...]:
        """The lines, without those that stand at another angle than most (a watermark, a note along the margin)."""
        self._close_line()
        if not self._angles:
            return ()
        main = self._angles.most_common(1)[0][0]
        return tuple(_join_marks([line for line, angle in zip(self.lines, self._line_angles, strict=True) if angle == main]))

    def _add(self, piece: str, x: float, y: float, size: float, width_size: float, font: DictionaryObject | None, angle: int) -> None:
        letters = len(piece.strip())
        if letters and self._line.baselines and abs(self._line.baselines[-1][1] - y) > LINE_STEP * size:
            self._close_line()
        line = self._line
        line.parts.append(piece)
        if not letters:
            return
        stripped = piece.rstrip()
        line.left.append(x)
        line.right.append(x + self._width(font, stripped) * width_size / 1000)
        line.baselines.append((letters, y))
        line.sizes[round(size, 1)] += letters
        line.bold += letters if self._is_bold(font) else 0
        line.letters += letters
        self._angles[angle] += letters
        self._current_angle = angle

    def _close_line(self) -> None:
        line, self._line = self._line, _OpenLine()
        written = "".join(line.parts).translate(_CHARACTERS)
        text = " ".join(clean_characters(written).split())
        self.control_characters += len(_CONTROL.findall(written))
        if not text or not line.letters:
            return
        size = line.sizes.most_common(1)[0][0] or 1.0
        baseline = max(line.baselines)[1]
        self.lines.append(Line(self.number, text, min(line.left), max(line.right), baseline, size, line.bold >= 0.8 * line.letters))
        self._line_angles.append(self._current_angle)

    def _font(self, resource: DictionaryObject | None) -> Font | None:
        if resource is None:
            return None
        key = id(resource)
        if key not in self._fonts:
            try:
                self._fonts[key] = Font.from_font_resource(resource)
            except PAGE_ERRORS:
                self._fonts[key] = None  # only widths and boldness come from here; the text is already decoded
        return self._fonts[key]

    def _width(self, resource: DictionaryObject | None, text: str) -> float:
        font = self._font(resource)
        return len(text) * DEFAULT_WIDTH if font is None else font.get_text_width(text)

    def _is_bold(self, resource: DictionaryObject | None) -> bool:
        name = "" if resource is None else str(resource.get("/BaseFont", "")).casefold()
        return any(word in name for word in ("bold", "black", "heavy", "semibold", "cmbx", "-bd"))


def read_page(page: PageObject, number: int) -> PageLines:
    """The lines of ``page``. Raises one of PAGE_ERRORS if the page is damaged."""
    reader = PageReader(number)
    page.extract_text(visitor_text=reader.text, visitor_operand_before=reader.operand)
    box = page.mediabox
    lines = tuple(_bounded(line) for line in reader.finish())
    area = abs(float(box.width) * float(box.height))
    share = reader.largest_picture / area if area and math.isfinite(reader.largest_picture) else 0.0
    pictures = reader.strokes >= DRAWING_STROKES or _has_pictures(page)
    return PageLines(
        number, lines, float(box.bottom), float(box.height), reader.has_grid, pictures, round(share, 3), reader.has_frame,
        reader.control_characters,
    )  # fmt: skip


def _transform(x: float, y: float, matrix: list[float]) -> tuple[float, float]:
    return x * matrix[0] + y * matrix[2] + matrix[4], x * matrix[1] + y * matrix[3] + matrix[5]


def _position(value: float) -> int:
    """A coordinate as a name for a ruling line: lines within two points are one. Hostile numbers share one name."""
    return round(value / 2) if math.isfinite(value) else -1


def _join_marks(lines: list[Line]) -> Iterator[Line]:
    """The lines, each list mark that stands as a line of its own put before the text beside it."""
    mark: Line | None = None
    for line in lines:
        if mark is not None:
            beside = abs(mark.baseline - line.baseline) < LINE_STEP * line.size and -1 <= line.x0 - mark.x1 <= 4 * line.size
            if beside:
                line = replace(line, text=f"{mark.text} {line.text}", x0=mark.x0)
            else:
                yield mark
        mark = None
        if LIST_MARK.fullmatch(line.text):
            mark = line
        else:
            yield line
    if mark is not None:
        yield mark


def _bounded(line: Line) -> Line:
    """The line with a finite box: a hostile matrix may put it anywhere."""
    values = (line.x0, line.x1, line.baseline, line.size)
    if all(math.isfinite(value) and abs(value) < 1e6 for value in values):
        return replace(line, x0=round(line.x0, 1), x1=round(line.x1, 1), baseline=round(line.baseline, 1))
    return replace(line, x0=0.0, x1=0.0, baseline=0.0, size=1.0)


def _has_pictures(page: PageObject) -> bool:
    try:
        objects = page["/Resources"]["/XObject"]  # type: ignore[index]
        return any(objects[name].get("/Subtype") in ("/Image", "/Form") for name in objects)
    except PAGE_ERRORS:
        return False
