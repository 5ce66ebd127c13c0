"""Bytes to text: UTF-8, UTF-16 with a byte order mark, and GB18030 for older Chinese files."""

import codecs
import re

from ingest.parse.draft import clean_characters
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
_HAN = re.compile(r"[\u4e00-\u9fff]")
_RARE_FOR_GBK = re.compile(r"[\ue000-\uf8ff]|[\u3400-\u4dbf]")


def decode(content: bytes) -> str:
    """The text in ``content``, cleaned of control characters. Raises ParseError if it is empty or no text at all."""
    if not content.strip(b"\x00 \t\r\n"):
        raise ParseError("the file is empty")
    text = _decode_raw(content)
    if len(_CONTROL.findall(text[:20_000])) > MOST_ODD * min(len(text), 20_000):
        raise ParseError("the file is not text: it holds binary data")
    return clean_characters(text).replace("\u200b", "").replace("\u2060", "")  # places where a line may break, mostly


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
    """GB18030 if that gives Chinese, else Windows-1252, in which any European text without UTF-8 is."""
    try:
        chinese = content.decode("gb18030")
    except UnicodeDecodeError:
        chinese = ""
    if len(_HAN.findall(chinese)) > 4 * len(_RARE_FOR_GBK.findall(chinese)) and _runs_of_han(chinese):
        return chinese
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError as error:
        raise ParseError(f"the file is neither UTF-8 (byte {problem.start} is wrong) nor GB18030; save it as UTF-8") from error


def _runs_of_han(text: str) -> bool:
    """Whether Han characters come in runs, as in Chinese; umlauts read as GB18030 give single ones between Latin letters."""
    han = len(_HAN.findall(text))
    alone = len(re.findall(r"(?<=[A-Za-z])[\u4e00-\u9fff](?=[A-Za-z])", text))
    return bool(re.search(r"[\u4e00-\u9fff]{2}", text)) and alone * 2 < han
