"""Drops a condition of a sentence, where a rule can tell where it begins and ends: the sentence then promises too much."""

from eval.training.negate import changed

_DROPPED: dict[str, tuple[str, ...]] = {
    "en": (
        r"^(?:if|unless|provided|when|after|before|once|until|except)\b[^,.;]*, +",
        r",? (?:only )?\b(?:if|unless|provided(?: that)?|as long as|except(?: for)?|only when|once|until|so long as)\b[^,.;]*",
        r",? \bwithin (?:[\w-]+ ){1,3}(?:days?|weeks?|months?|hours?|minutes?|years?|miles|kilometres|km)\b",
        r"\b(?:only|solely|exclusively) ",
        r"\b(?:unopened|unused|unworn|sealed|undamaged) (?=\w)",
        r" \((?:if|only|except|unless|not)\b[^)]*\)",
    ),
    "zh": (
        r"(?:如果|若是|若|如|只有|一旦)[^，,。；]{2,30}[，,](?:则|就|才)?",
        r"除(?!湿|尘|菌|味|螨|冰|霜|草|垢|臭)[^，,。；]{1,20}外[，,]?",
        r"(?:仅限于?|只限于?|仅|只)(?=[^有是])",
        r"(?:在)?[^，,。；]{2,16}(?:的情况下|的前提下|期间|之前|之后)[，,]?",
        r"未(?:拆封|使用|激活|开封|安装)(?:过)?的",
        r"（(?:除|仅|如|不含|不包括)[^）]*）",
    ),
}
LEAST = 0.4
"""The share of a sentence that has to be left; less is no sentence any more."""


def weakened(sentence: str, language: str) -> list[str]:
    """``sentence`` with one condition less, in each way that a rule finds."""
    rules = tuple((pattern, "") for pattern in _DROPPED.get(language, ()))
    return list(dict.fromkeys(shorter for shorter in changed(sentence, rules) if len(shorter) >= LEAST * len(sentence)))
