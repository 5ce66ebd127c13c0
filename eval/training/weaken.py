"""Drops a condition of a sentence, where a rule can tell where it begins and ends: the sentence then promises too much."""

import re
from collections.abc import Iterator

_DROPPED: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (
        (r"^(?:if|unless|provided|when|after|before|once|until|except)\b[^,.;]*, +", ""),
        (r",? (?:only )?\b(?:if|unless|provided(?: that)?|as long as|except(?: for)?|only when|once|until|so long as)\b[^,.;]*", ""),
        (r",? \bwithin (?:[\w-]+ ){1,3}(?:days?|weeks?|months?|hours?|minutes?|years?|miles|kilometres|km)\b", ""),
        (r"\b(?:only|solely|exclusively) ", ""),
        (r"\b(?:unopened|unused|unworn|sealed|undamaged) (?=\w)", ""),
        (r" \((?:if|only|except|unless|not)\b[^)]*\)", ""),
    ),
    "zh": (
        (r"(?:如果|若是|若|如|只有|一旦)[^，,。；]{2,30}[，,](?:则|就|才)?", ""),
        (r"除(?!湿|尘|菌|味|螨|冰|霜|草|垢|臭)[^，,。；]{1,20}外[，,]?", ""),
        (r"(?:仅限于?|只限于?|仅|只)(?=[^有是])", ""),
        (r"(?:在)?[^，,。；]{2,16}(?:的情况下|的前提下|期间|之前|之后)[，,]?", ""),
        (r"未(?:拆封|使用|激活|开封|安装)(?:过)?的", ""),
        (r"（(?:除|仅|如|不含|不包括)[^）]*）", ""),
    ),
}
LEAST = 0.4
"""The share of a sentence that has to be left; less is no sentence any more."""


def weakened(sentence: str, language: str) -> list[str]:
    """``sentence`` with one condition less, in each way that a rule finds."""
    return list(dict.fromkeys(_dropped(sentence, language)))


def _dropped(sentence: str, language: str) -> Iterator[str]:
    for pattern, replacement in _DROPPED.get(language, ()):
        changed, count = re.subn(pattern, replacement, sentence, count=1, flags=re.IGNORECASE)
        if count and len(changed) >= LEAST * len(sentence):
            yield changed[:1].upper() + changed[1:]
