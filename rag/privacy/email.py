"""E-mail addresses, also as people write them against robots."""

import re
from collections.abc import Iterator

_LOCAL = r"[A-Za-z0-9](?:[A-Za-z0-9._%+'-]{0,200}[A-Za-z0-9_+-])?"
_LABELS = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,6}[A-Za-z]{2,24}"
_PLAIN_ADDRESS = re.compile(rf"(?<![A-Za-z0-9._%+-]){_LOCAL}@{_LABELS}(?![A-Za-z0-9_-]|@)")
_SPELLED_DOMAIN = r"[A-Za-z0-9-]{2,40}(?:(?:\.| ?[\[(] ?(?:dot|点) ?[\])] ?| dot )[A-Za-z0-9-]{2,24}){1,3}"
_SPELLED = re.compile(
    rf"(?<![A-Za-z0-9._%+-]){_LOCAL} ?[\[({{] ?(?:at|@|艾特) ?[\])}}] ?{_SPELLED_DOMAIN}(?![A-Za-z0-9_@-])", re.IGNORECASE
)
_SPOKEN = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._+-]{2,64} at [A-Za-z0-9-]{2,40}(?: dot [A-Za-z]{2,24}){1,3}(?![A-Za-z0-9_-])", re.IGNORECASE
)
_NO_DOMAIN = frozenset("png jpg jpeg gif webp svg bmp heic pdf css js ts json html htm zip mp4 mov txt csv xlsx docx local".split())
"""Ends of file names: ``logo@2x.png`` is a picture."""


_AT = re.compile(r" ?[\[({] ?(?:at|@|艾特) ?[\])}] ?| at ", re.IGNORECASE)
_DOT = re.compile(r" ?[\[(] ?(?:dot|点) ?[\])] ?| dot ", re.IGNORECASE)


def email_key(written: str) -> str:
    """The address as it is sent to, in lower case, however it was written against robots."""
    return _DOT.sub(".", _AT.sub("@", written.strip())).casefold()


def find_emails(text: str) -> Iterator[tuple[int, int]]:
    """The spans of e-mail addresses in ``text`` (as `plain` writes it)."""
    if "@" in text or "at" in text.casefold() or "艾特" in text:
        for pattern in (_PLAIN_ADDRESS, _SPELLED, _SPOKEN):
            for match in pattern.finditer(text):
                if match.group().rpartition(".")[2].casefold() not in _NO_DOMAIN:
                    yield match.span()
