"""Pictures of PDF pages, by PDFium, of bounded size."""

from dataclasses import dataclass
from types import TracebackType

import numpy as np

from ingest.parse.ocr import OcrError, Picture

DOTS_PER_INCH = 170.0
LONGEST_SIDE = 2000  # pixels


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page as it is shown. ``scale`` is pixels per point; ``left`` and ``top`` is the place of its upper left corner in points."""

    pixels: Picture
    scale: float
    left: float
    top: float

    def place(self, x: float, y: float) -> tuple[float, float]:
        """A place in the picture as a place on the page, in points from the lower left."""
        return self.left + x / self.scale, self.top - y / self.scale


class PagePictures:
    """Draws pages of one PDF. Use it as a context manager. Raises OcrError if PDFium cannot open the file."""

    def __init__(self, content: bytes) -> None:
        import pypdfium2

        self._error = pypdfium2.PdfiumError
        try:
            self._document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError as error:
            raise OcrError(f"its pages cannot be drawn ({error})") from error

    def draw(self, number: int) -> PagePicture:
        """Page ``number`` (from 1) as a picture. Raises OcrError."""
        try:
            page = self._document[number - 1]
        except (self._error, IndexError) as error:
            raise OcrError(f"it cannot be drawn ({error})") from error
        try:
            width, height = page.get_size()
            if not (width > 0 and height > 0):
                raise OcrError("it cannot be drawn (it has no size)")
            scale = min(DOTS_PER_INCH / 72, LONGEST_SIDE / max(width, height))
            bitmap = page.render(scale=scale, may_draw_forms=False)
            pixels = np.array(bitmap.to_numpy()[:, :, :3], dtype=np.uint8)
            bitmap.close()
            left, bottom, _, _ = page.get_cropbox()
            return PagePicture(pixels, scale, left, bottom + height)
        except (self._error, ValueError, OverflowError) as error:
            raise OcrError(f"it cannot be drawn ({error})") from error
        finally:
            page.close()

    def __enter__(self) -> "PagePictures":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._document.close()
