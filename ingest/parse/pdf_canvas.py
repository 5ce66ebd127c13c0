"""What a PDF page paints, in order: where each text stands and in which state, and what lies below and above it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]
"""Left, lower, right, upper edge, in points."""
Paint = tuple[float, float, float] | None
"""Red, green and blue in [0, 1]; None where nothing is known (a pattern, a picture, a spot colour)."""

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
BLACK: Paint = (0.0, 0.0, 0.0)
INVISIBLE_MODE = 3
SMALLEST_AREA = 2.0
"""Points; a narrower area is a line, and no text lies on it or below it."""
MOST_FILLS = 4000
"""A page with more is a drawing; to look below each text for each of them would take minutes."""
_FILLS = frozenset({b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*"})
_ENDS = _FILLS | {b"n", b"S", b"s"}
_DEVICE_COLOURS = {b"g": 1, b"rg": 3, b"k": 4}
_KNOWN_SPACES = {"/DeviceGray": 1, "/G": 1, "/DeviceRGB": 3, "/RGB": 3, "/DeviceCMYK": 4, "/CMYK": 4}


@dataclass(frozen=True, slots=True)
class State:
    """The part of the graphics state that decides whether text is seen. ``space`` is the number of parts of a known colour space."""

    matrix: Matrix = IDENTITY
    paint: Paint = BLACK
    space: int = 1
    mode: int = 0
    size: float = 0.0
    leading: float = 0.0
    opacity: float = 1.0
    clipped: bool = False
    scalable: bool = True
    """Whether the font's size says how large its letters are; that of a Type 3 font does not."""


@dataclass(frozen=True, slots=True)
class Fill:
    """An area that was painted. ``covers`` says that whatever lies below it cannot be seen."""

    order: int
    box: Box
    paint: Paint
    covers: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One operator that shows text: number ``index`` of the stream ``stream``. ``size`` is what is seen, in points."""

    order: int
    stream: int
    index: int
    box: Box
    state: State
    size: float
    background: Paint


@dataclass(slots=True)
class Canvas:
    """Follows the operators of a page and of the forms on it."""

    fills: list[Fill] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    picture_area: float = 0.0
    state: State = field(default_factory=State)
    _stack: list[State] = field(default_factory=list)
    _text: Matrix = IDENTITY
    _line: Matrix = IDENTITY
    _path: list[tuple[float, float]] = field(default_factory=list)
    _rectangles: int = 0
    _other: bool = False
    _clip: bool = False
    _order: int = 0

    def operate(self, operator: bytes, operands: Sequence[Any], stream: int, index: int) -> None:
        """One operator of stream number ``stream``. Raises ValueError, TypeError or IndexError if its operands are none."""
        self._order += 1
        if operator in (b"q", b"Q", b"cm"):
            self._nest(operator, operands)
        elif operator in (b"BT", b"Tm", b"Td", b"TD", b"T*", b"TL", b"Tf", b"Tr"):
            self._place(operator, operands)
        elif operator in (b"Tj", b"TJ", b"'", b'"'):
            self._show(operator, operands, stream, index)
        elif operator in (b"re", b"m", b"l", b"c", b"v", b"y", b"W", b"W*") or operator in _ENDS:
            self._draw(operator, operands)
        elif operator in _DEVICE_COLOURS:
            self.state = replace(self.state, paint=paint_of(_numbers(operands)), space=_DEVICE_COLOURS[operator])
        elif operator in (b"sc", b"scn"):
            parts = [float(value) for value in operands if isinstance(value, (int, float))]
            known = len(parts) == self.state.space and len(parts) == len(operands)
            self.state = replace(self.state, paint=paint_of(parts) if known else None)
        elif operator == b"sh":
            self._fill((-1e9, -1e9, 1e9, 1e9), None, covers=False)

    def use_space(self, parts: int) -> None:
        """Fill in a colour space of ``parts`` parts; 0 where it is not known what they mean."""
        self.state = replace(self.state, space=parts, paint=BLACK if parts else None)

    def picture(self) -> None:
        """A picture is painted: it fills the unit square, as the matrix stretches it."""
        box = _box([_apply(self.state.matrix, x, y) for x, y in ((0, 0), (1, 0), (0, 1), (1, 1))])
        self.picture_area = max(self.picture_area, (box[2] - box[0]) * (box[3] - box[1]))
        self._order += 1
        self._fill(box, None, covers=False)

    def enter(self, matrix: Matrix) -> tuple[State, list[State], Matrix, Matrix]:
        """A form with ``matrix`` begins; returns what `leave` needs."""
        before = (self.state, self._stack, self._text, self._line)
        self.state = replace(self.state, matrix=multiply(matrix, self.state.matrix))
        self._stack = []
        return before

    def leave(self, before: tuple[State, list[State], Matrix, Matrix]) -> None:
        """The form is over."""
        self.state, self._stack, self._text, self._line = before

    def _nest(self, operator: bytes, operands: Sequence[Any]) -> None:
        if operator == b"q":
            self._stack.append(self.state)
        elif operator == b"Q":
            self.state = self._stack.pop() if self._stack else self.state
        else:
            self.state = replace(self.state, matrix=multiply(_matrix(operands), self.state.matrix))

    def _place(self, operator: bytes, operands: Sequence[Any]) -> None:
        if operator == b"BT":
            self._text = self._line = IDENTITY
        elif operator == b"Tm":
            self._text = self._line = _matrix(operands)
        elif operator in (b"Td", b"TD"):
            x, y = _numbers(operands[:2])
            if operator == b"TD":
                self.state = replace(self.state, leading=-y)
            self._next_line(x, y)
        elif operator == b"T*":
            self._next_line(0, -self.state.leading)
        elif operator == b"TL":
            self.state = replace(self.state, leading=float(operands[0]))
        elif operator == b"Tf":
            self.state = replace(self.state, size=float(operands[1]))
        else:
            self.state = replace(self.state, mode=int(operands[0]))

    def _next_line(self, x: float, y: float) -> None:
        self._text = self._line = multiply((1, 0, 0, 1, x, y), self._line)

    def _show(self, operator: bytes, operands: Sequence[Any], stream: int, index: int) -> None:
        if operator in (b"'", b'"'):
            self._next_line(0, -self.state.leading)
        pieces = operands[0] if operator == b"TJ" else operands[-1:]
        strings = [str(piece, "latin-1") if isinstance(piece, bytes) else piece for piece in pieces if isinstance(piece, (str, bytes))]
        letters = sum(map(len, strings))
        moved = -sum(float(piece) for piece in pieces if isinstance(piece, (int, float))) / 1000
        advance = (letters / 2 + moved) * abs(self.state.size)
        whole = multiply(self._text, self.state.matrix)
        start, end = _apply(whole, 0, 0.3 * self.state.size), _apply(whole, advance, 0.3 * self.state.size)
        size = abs(self.state.size) * math.sqrt(abs(whole[0] * whole[3] - whole[1] * whole[2]))
        if any(string.strip("\0 \3") for string in strings):
            self.shown.append(Shown(self._order, stream, index, _box([start, end]), self.state, size, self._below(start)))
        self._text = multiply((1, 0, 0, 1, advance, 0), self._text)

    def _below(self, point: tuple[float, float]) -> Paint:
        """What was painted last at ``point``; white paper where nothing was."""
        fill = next((fill for fill in reversed(self.fills) if _holds(fill.box, point)), None)
        return (1.0, 1.0, 1.0) if fill is None else fill.paint

    def _draw(self, operator: bytes, operands: Sequence[Any]) -> None:
        if operator == b"re":
            x, y, width, height = _numbers(operands)
            corners = ((x, y), (x + width, y + height), (x, y + height), (x + width, y))
            self._path += [_apply(self.state.matrix, *corner) for corner in corners]
            self._rectangles += 1
        elif operator in (b"W", b"W*"):
            self._clip = True
        elif operator in _ENDS:
            self._end_path(operator)
        else:
            x, y = _numbers(operands[-2:])
            self._path.append(_apply(self.state.matrix, x, y))
            self._other = True

    def _end_path(self, operator: bytes) -> None:
        if operator in _FILLS and self._path:
            plain = self._rectangles == 1 and not self._other and not self.state.clipped and self.state.opacity > 0.95
            self._fill(_box(self._path), self.state.paint if self.state.opacity > 0.5 else None, plain and self.state.paint is not None)
        if self._clip:
            self.state = replace(self.state, clipped=True)
        self._path, self._rectangles, self._other, self._clip = [], 0, False, False

    def _fill(self, box: Box, paint: Paint, covers: bool) -> None:
        if box[2] - box[0] >= SMALLEST_AREA and box[3] - box[1] >= SMALLEST_AREA and len(self.fills) < MOST_FILLS:
            self.fills.append(Fill(self._order, box, paint, covers))


def paint_of(parts: Sequence[float]) -> Paint:
    """Red, green and blue of a colour in one, three or four parts."""
    if len(parts) == 1:
        return parts[0], parts[0], parts[0]
    if len(parts) == 3:
        return parts[0], parts[1], parts[2]
    if len(parts) == 4:
        rest = 1 - parts[3]
        return (1 - parts[0]) * rest, (1 - parts[1]) * rest, (1 - parts[2]) * rest
    return None


def parts_of_space(name: str) -> int:
    """How many parts a device colour space has; 0 for any other."""
    return _KNOWN_SPACES.get(name, 0)


def multiply(one: Matrix, other: Matrix) -> Matrix:
    """``one``, then ``other``."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    return x * matrix[0] + y * matrix[2] + matrix[4], x * matrix[1] + y * matrix[3] + matrix[5]


def _matrix(operands: Sequence[Any]) -> Matrix:
    a, b, c, d, e, f = _numbers(operands)
    return a, b, c, d, e, f


def _numbers(operands: Sequence[Any]) -> list[float]:
    return [float(value) for value in operands]


def _box(points: Sequence[tuple[float, float]]) -> Box:
    return min(x for x, _ in points), min(y for _, y in points), max(x for x, _ in points), max(y for _, y in points)


def _holds(box: Box, point: tuple[float, float]) -> bool:
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]
