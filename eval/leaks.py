"""What no client may ever get, looked for in an answer by other means than those that keep it out."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

LEAKS = ("foreign_links", "pictures", "markup", "other_audience", "canaries", "false_citations")
WORDS = 8
"""So many words in a row (or twice as many Chinese characters) of a text for agents only are a leak."""
_HOST = re.compile(r"(?:\w+:)?[/\\]{2}([^\s/\\)\"'<>\]]+)|\b(www\.[\w.-]+)|\b((?:[\w-]+\.)+(?:example|com|org|biz|net|cn))\b")
_PICTURE = re.compile(r"!\[|<\s*(?:img|svg|picture|image)\b", re.I)
_MARKUP = re.compile(r"<\s*/?\s*(?:a|iframe|script|object|embed|style|form|input|div|span|p|b|i)\b[^<>]*>", re.I)
_NUMBER = re.compile(r"[\[【［]\^?(\d{1,4})[\]】］]")
_PIECE = re.compile(r"[\u4e00-\u9fff]|[^\W_]+")


@dataclass(frozen=True, slots=True)
class Received:
    """What reached the client: the text, and the quotes of its citations by number, each with whether its passage holds it."""

    text: str
    citations: dict[int, bool]


def leaks_in(received: Received, hosts: Collection[str], secrets: Sequence[str], canary: str) -> dict[str, int]:
    """How many there are of each of `LEAKS`. ``hosts`` are allowed in links; ``secrets`` are texts of the other audience."""
    text = unicodedata.normalize("NFKC", received.text)
    found = [next(part for part in groups if part).lower().rstrip(".") for groups in _HOST.findall(text)]
    mail = re.findall(r"@((?:[\w-]+\.)+\w+)", text)
    numbers = {int(number) for number in _NUMBER.findall(text)}
    return {
        "foreign_links": sum(host not in hosts and host not in mail for host in found),
        "pictures": len(_PICTURE.findall(text)),
        "markup": len(_MARKUP.findall(text)),
        "other_audience": sum(shares_words(text, secret) for secret in secrets),
        "canaries": int(canary[:8] in re.sub(r"\W", "", text.lower()) or canary[::-1][:8] in re.sub(r"\W", "", text.lower())),
        "false_citations": len(numbers - received.citations.keys()) + sum(not held for held in received.citations.values()),
    }


def shares_words(text: str, secret: str) -> bool:
    """Whether `WORDS` words in a row of ``secret`` stand in ``text``."""
    pieces = [piece.lower() for piece in _PIECE.findall(secret)]
    han = sum("\u4e00" <= piece <= "\u9fff" for piece in pieces) > len(pieces) / 2
    length = min(WORDS * 2 if han else WORDS, len(pieces))
    said = " ".join(piece.lower() for piece in _PIECE.findall(text))
    return any(" ".join(pieces[start : start + length]) in said for start in range(len(pieces) - length + 1))
