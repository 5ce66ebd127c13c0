"""Bytes to text: UTF-8, UTF-16 with a byte order mark, and for older files what came before."""

import codecs
import re

from ingest.parse.draft import clean_characters
from ingest.parse.legacy_encoding import legacy_encoding
from kb.errors import ParseError

MOST_ODD = 0.02  # share of control characters from which something is not a text file
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
NAMES = {
    "cp932": "Shift JIS",
    "cp950": "Big5",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "cp1252": "Windows-1252",
    "euc_jp": "EUC-JP",
    "euc_kr": "EUC-KR",
    "gb18030": "GB18030",
    "koi8_r": "KOI8-R",
}


def decode(content: bytes) -> str:
    """The text in ``content``, cleaned of control characters. Raises ParseError if it is empty or no text at all."""
    if not content.strip(b"\x00 \t\r\n"):
        raise ParseError("the file is empty")
    text = _decode_raw(content)
    if len(_CONTROL.findall(text[:20_000])) > MOST_ODD * min(len(text), 20_000):
        raise ParseError("the file is not text: it holds binary data")
    return clean_characters(text).replace("\u200b", "").replace("\u2060", "")  # places where a line may break, mostly


def foreign_encoding(content: bytes) -> str | None:
    """The name of the encoding that ``content`` was taken to be in, for people; None where it says so itself or is UTF-8."""
    if _is_utf8(content) or any(content.startswith(mark) for mark, _ in BYTE_ORDER_MARKS):
        return None
    name = legacy_encoding(content)
    return None if name is None else NAMES[name]


def _decode_raw(content: bytes) -> str:
    for mark, name in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _decode_marked(content, name)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        return _decode_legacy(content, error)


def _decode_marked(content: bytes, name: str) -> str:
    try:
        return content.decode(name)
    except UnicodeDecodeError as error:
        raise ParseError(f"the file begins with the mark of {name} but is not: byte {error.start} is wrong") from error


def _decode_legacy(content: bytes, problem: UnicodeDecodeError) -> str:
    name = legacy_encoding(content)
    if name is None:
        what = f"the file is not UTF-8 (byte {problem.start} is wrong), and nothing tells its encoding; save it as UTF-8"
        raise ParseError(what) from problem
    return content.decode(name)


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
