"""Draws the pages that exist as an image only, as a scanner would have left them."""

import random
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

_SIZE = (874, 1240)  # A5 at 150 dots per inch
_PAPER, _INK = 246, 40
_SPECKS = 900


def draw_scan(name: str) -> bytes:
    """The scanned page called ``name`` as JPEG bytes. Raises KeyError for an unknown one."""
    page = Image.new("L", _SIZE, _PAPER)
    _DRAWINGS[name](ImageDraw.Draw(page))
    _add_specks(page)
    buffer = BytesIO()
    page.rotate(0.6, fillcolor=_PAPER).save(buffer, "JPEG", quality=45)
    return buffer.getvalue()


def _add_specks(page: Image.Image) -> None:
    dice = random.Random(7)  # the same dust on every run
    for _ in range(_SPECKS):
        page.putpixel((dice.randrange(_SIZE[0]), dice.randrange(_SIZE[1])), dice.randrange(90, 220))


def _wall_template(pen: ImageDraw.ImageDraw) -> None:
    """The soundbar's drilling template: two keyhole slots 760 mm apart, with the heights to keep."""
    _text(pen, (90, 90), "WALL-MOUNTING TEMPLATE", 40)
    _text(pen, (90, 150), "Tonal 7 - BN-SP7 - scale 1:5", 26)
    pen.rounded_rectangle((90, 420, 784, 520), 18, outline=_INK, width=4)
    for x in (180, 694):
        pen.ellipse((x - 14, 456, x + 14, 484), outline=_INK, width=4)
        pen.line((x, 340, x, 600), fill=_INK, width=2)
    pen.line((180, 360, 694, 360), fill=_INK, width=3)
    _text(pen, (320, 310), "760 mm between screws", 26)
    _text(pen, (100, 620), "Upper edge at least 60 mm below the television", 24)
    _text(pen, (100, 660), "Keep 40 mm free at both ends for cables", 24)
    _text(pen, (100, 760), "Screws: 5 x 40 mm, head 8.5 to 9 mm", 26)
    _text(pen, (100, 800), "Anchor: 8 mm, load 15 kg each", 26)
    _text(pen, (100, 840), "Leave 4 mm of each screw standing out of the wall", 26)
    for number, line in enumerate(_WALL_STEPS, start=1):
        _text(pen, (100, 900 + 44 * number), f"{number}. {line}", 24)


_WALL_STEPS = (
    "Tape the template to the wall and level it.",
    "Mark both holes and take the template off.",
    "Drill 50 mm deep with an 8 mm bit.",
    "Hang the soundbar and slide it 6 mm to the left.",
)
_DRAWINGS = {"wall-template": _wall_template}


def _text(pen: ImageDraw.ImageDraw, at: tuple[int, int], text: str, size: int) -> None:
    pen.text(at, text, fill=_INK, font=ImageFont.load_default(size=size))
