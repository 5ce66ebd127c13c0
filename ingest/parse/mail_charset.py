"""The text of a part of an e-mail, whatever it says about its charset."""

import re
from email.message import EmailMessage

from ingest.parse.draft import clean_characters
from ingest.parse.encoding import decode
from kb.errors import ParseError

WIDER = {
    "big5": "big5hkscs",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "iso-8859-1": "cp1252",
    "ks_c_5601-1987": "cp949",
    "shift_jis": "cp932",
}
"""What programs call by the name of the narrower one."""
_KNOWN = re.compile(
    r"utf-?8|utf-?16(?:[lb]e)?|gb\w*|big5\w*|iso-?8859-\d+|windows-125\d|cp(?:125\d|9\d\d)|koi8-[ru]|iso-2022-\w+|euc-?\w+"
    r"|hz(?:-gb-2312)?|tis-620",
    re.I,
)
"""The charsets taken at their word: Python knows others that decode by running long, or that hide text."""


def decode_part(part: EmailMessage) -> str:
    """The part's text, cleaned; empty if it holds none. Raises ParseError for UTF-7, which hides markup from every reader."""
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes) or not content.strip(b"\x00 \t\r\n"):
        return ""
    name = str(part.get_content_charset() or "").strip().casefold()
    if "utf-7" in name or name == "utf7":
        raise ParseError("the message is written in UTF-7, which is not read; send it as UTF-8")
    charset = WIDER.get(name, name)
    if _KNOWN.fullmatch(charset):
        try:
            return clean_characters(content.decode(charset))
        except (LookupError, UnicodeDecodeError):
            return decode(content)
    return decode(content)


def decode_header_bytes(content: bytes) -> str:
    """A header of raw bytes: decoded like a text file, its damaged characters replaced if that is impossible."""
    try:
        return decode(content)
    except ParseError:
        return content.decode("utf-8", "replace")
