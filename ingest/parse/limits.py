"""Bounds on what one file may cost."""

from dataclasses import dataclass
from typing import Literal

MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What parsing one file may use. Measured on damaged and hostile files: a sound manual of 200 pages stays under a quarter of each.

    ``memory`` is address space in bytes above what the worker holds when idle; ``largest_text`` counts characters.
    ``wall_seconds`` is for what sleeps or starves: on a busy machine a sound file takes several times its ``cpu_seconds``.

    ``ocr`` = ``auto`` reads PDF pages without usable text from their pictures if the extra ``ocr`` is installed: at most
    ``ocr_page_seconds`` of processor time a page and ``ocr_seconds`` a file, on top of the rest.
    """

    wall_seconds: float = 180.0
    cpu_seconds: int = 60
    memory: int = 2048 * MEBIBYTE
    largest_file: int = 256 * MEBIBYTE
    largest_text: int = 5_000_000
    pages: int = 2000
    zip_entries: int = 2000
    zip_inflated: int = 200 * MEBIBYTE
    zip_ratio: int = 200
    ocr: Literal["auto", "off"] = "off"
    ocr_seconds: int = 900
    ocr_page_seconds: int = 30


DEFAULT_LIMITS = Limits()
