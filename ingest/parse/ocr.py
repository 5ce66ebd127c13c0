"""Reads the text in a picture. RapidOCR is the one engine: the extra ``ocr``, with its weights in its own wheel."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kb.errors import ParseError

Picture = NDArray[np.uint8]
"""[height, width, 3], blue, green, red."""

DETECTION_SIDE = 960
"""Pixels of the longer side in which lines are looked for. At 1,754 the network takes 900 MiB, at 960 400 MiB, and finds the same lines."""
LEAST_CERTAIN = 0.5
MODELS = {
    "Det": "PP-OCRv6_det_small.onnx",
    "Rec": "PP-OCRv6_rec_small.onnx",
    "Cls": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
}
"""Named by their files, so that RapidOCR never looks whether there is something to download."""


class OcrError(ParseError):
    """A picture could not be read, or nothing is there to read it."""


@dataclass(frozen=True, slots=True)
class PictureLine:
    """A line of text and its box in pixels from the picture's upper left corner."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float


class OcrEngine(Protocol):
    """What reads pictures."""

    def read(self, picture: Picture) -> list[PictureLine]:
        """The lines in ``picture``, in no order. Raises OcrError."""
        ...


def ocr_installed() -> bool:
    """Whether the extra ``ocr`` is there. Imports nothing."""
    return find_spec("rapidocr") is not None and find_spec("pypdfium2") is not None


class RapidEngine:
    """RapidOCR on one thread: there is a parser process for every core already. Raises OcrError if it cannot be loaded."""

    def __init__(self) -> None:
        try:
            import rapidocr
            from rapidocr import RapidOCR
        except ImportError as error:
            raise OcrError(f"OCR is not installed ({error}); install the extra ocr (docs/documents.md)") from error
        models = Path(str(rapidocr.__file__)).parent / "models"
        missing = [name for name in MODELS.values() if not (models / name).is_file()]
        if missing:
            raise OcrError(f"the installed rapidocr lacks its file {missing[0]}; install the version that constraints/base.txt names")
        self._engine = RapidOCR(params=_parameters(models))

    def read(self, picture: Picture) -> list[PictureLine]:
        """The lines in ``picture``."""
        try:
            found = self._engine(picture)
        except Exception as error:  # it wraps whatever its network raises
            raise OcrError(f"OCR gave up ({type(error).__name__})") from error
        boxes, texts = getattr(found, "boxes", None), getattr(found, "txts", None)
        if boxes is None or texts is None:
            return []
        lines = []
        for text, corners in zip(texts, np.asarray(boxes, dtype=float), strict=True):
            (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
            lines.append(PictureLine(str(text), float(x0), float(y0), float(x1), float(y1)))
        return lines


def _parameters(models: Path) -> dict[str, object]:
    return {
        **{f"{part}.model_path": str(models / name) for part, name in MODELS.items()},
        "Global.use_cls": False,  # whole lines upside down: PDF pages say how they are turned
        "Global.log_level": "critical",
        "Global.text_score": LEAST_CERTAIN,
        "Det.limit_type": "max",
        "Det.limit_side_len": DETECTION_SIDE,
        "Rec.rec_batch_num": 1,  # more lines at once take more memory and, on one thread, as long
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }
