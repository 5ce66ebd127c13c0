"""Limits that are lists: "when the item is defective, damaged in transit or not what you ordered", 质量问题，发错货或运输损坏时."""

import re
from collections.abc import Iterator, Sequence

_HIDDEN = {",": "\ue000", "，": "\ue001"}
"""What stands for a comma within a limit, where a comma would end it: characters that no text has."""
_SHOWN = str.maketrans({hidden: comma for comma, hidden in _HIDDEN.items()})
_STRONG = {
    "en": re.compile(r"[;:()|!?]|\.(?=\s|$)|\s[–—-]\s|\b(?:while|whereas|but)\b"),
    "zh": re.compile(r"[;；。:：!?！？|()（）]|\s[–—-]\s|但"),
}
_COMMA = {"en": re.compile(r",(?!\d)"), "zh": re.compile(r"，|,(?!\d)")}
_JOINING = {"en": re.compile(r"\b(?:and|or|nor)\b|&", re.IGNORECASE), "zh": re.compile(r"或|和|及(?!时)")}
"""A list ends with the part that has one of these."""
_VERB = (
    r"(?:is|are|was|were|can|cannot|could|may|must|will|would|should|shall|has|have|had|does|do|did|costs?|takes?|applies|apply|needs?|gets?)\b"
)
_VERBS = re.compile(rf"\b{_VERB}", re.IGNORECASE)
_GOES_ON = re.compile(rf"(?:^\s*(?:or\s+)?|\bor\s+){_VERB}", re.IGNORECASE)
"""In "when it is defective, was damaged or is not what you ordered" all verbs are the limit's."""
_RELATIVE = re.compile(r"\b(?:what|that|which|who|whom|whose|where)\b.*", re.IGNORECASE)
_SUBJECT = re.compile(r"(?:^|\b(?:and|or|so|then)\s)\s*(?:we|you|they|it|he|she|there|this|that)\s", re.IGNORECASE)
_IMPERATIVE = re.compile(
    r"(?:^|\b(?:and|or)\s)\s*(?:(?:and|or|then|please|also|simply)\s+)*(?!(?:in|on|at|for|from|to|of|with|without|by|over|under|above|below"
    r"|after|before|during|within|until|till|via|per|between|not|nor|all|both|than|as|beyond|outside|inside|unless|if|when)\b)"
    r"[a-z]+(?<!ed)(?<!ing)\s(?:the|it|them|your|our|its|this|these|an?|us)\b",
    re.IGNORECASE,
)
_SAYS = re.compile(r"[可能由须应会将请需免退换享赔付为是]|支持|收取|承担|包邮|提供|接受|我们|本店|联系")


def with_lists_joined(text: str, language: str, opening: re.Pattern[str], closing: re.Pattern[str] | None) -> str:
    """``text`` with other characters, which `with_commas` turns back, for the commas between the parts of one limit.

    A limit that begins with ``opening`` goes on over "X, Y or Z" as long as no part is a statement of its own, and something is left
    that it limits; one that ends with ``closing`` goes back over such parts.
    """
    joined = list(text)
    for start, end in _between(_STRONG[language], text, 0, len(text)):
        parts = _between(_COMMA[language], text, start, end)
        bracketed = text[:start].endswith(("(", "（"))
        for first, last in _lists([text[begin:stop] for begin, stop in parts], language, opening, closing, bracketed):
            for _, comma in parts[first:last]:
                joined[comma] = _HIDDEN[text[comma]]
    return "".join(joined)


def with_commas(joined: str) -> str:
    """The text that `with_lists_joined` was given, or a part of it."""
    return joined.translate(_SHOWN)


def _lists(
    parts: Sequence[str], language: str, opening: re.Pattern[str], closing: re.Pattern[str] | None, bracketed: bool
) -> Iterator[tuple[int, int]]:
    """The first and the last part of every limit that is a list; what a ``bracketed`` one limits stands before the bracket."""
    for number, part in enumerate(parts):
        begins = opening.search(part)
        if begins is not None:
            last = _last_of_list(parts, number, language, opening)
            if bracketed or number or part[: begins.start()].strip() or last < len(parts) - 1:
                yield number, last
        elif closing is not None and closing.search(part) and _JOINING[language].search(part):
            first = number
            while first and not (_states(parts[first - 1], part, language) or closing.search(parts[first - 1])):
                first -= 1
            yield first, number


def _last_of_list(parts: Sequence[str], first: int, language: str, opening: re.Pattern[str]) -> int:
    """The number of the part that ends the list which begins in the part ``first``: that one where there is no list."""
    for number in range(first + 1, len(parts)):
        if _states(parts[number], parts[first], language) or opening.match(parts[number].lstrip()):
            return first
        if _JOINING[language].search(parts[number]):
            return number
    return first


def _states(part: str, limit: str, language: str) -> bool:
    """Whether ``part`` is a statement, or tells what to do; not so where its verb is one more of ``limit``'s."""
    if language == "zh":
        return _SAYS.search(part) is not None
    bare = _RELATIVE.sub("", part)
    if _VERBS.search(limit):
        bare = _GOES_ON.sub(" ", bare)
    return any(pattern.search(bare) for pattern in (_VERBS, _SUBJECT, _IMPERATIVE))


def _between(pattern: re.Pattern[str], text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where the stretches of ``text[start:end]`` between the matches of ``pattern`` begin and end."""
    found = list(pattern.finditer(text, start, end))
    return list(zip([start, *(match.end() for match in found)], [*(match.start() for match in found), end], strict=True))
