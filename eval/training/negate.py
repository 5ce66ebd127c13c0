"""Turns a sentence into its opposite by one word, where that can be done by a rule: "can" and "cannot", 需要 and 不需要."""

import re

_TAKEN_OUT: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (
        (r"\b(can|could|will|would|is|are|was|were|does|do|did|must|may|should|has|have) ?(?:not|n't|n’t)\b", r"\1"),
        (r"\bwon[’']t\b", "will"),
        (r"\bcan[’']t\b", "can"),
        (r"\bnever\b", "always"),
        (r"\bwithout\b", "with"),
        (r"\bno longer\b", "still"),
    ),
    "zh": (
        (r"不(可以|能|会|支持|包括|包含|提供|接受|得|收|是|影响|退|适用)", r"\1"),
        (r"不需要|无需|不用|不必", "需要"),
        (r"没有", "有"),
    ),
}
_PUT_IN: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (
        (r"\b(can|could|will|is|are|was|were|must|may|should)\b(?! not|n't|not)", r"\1 not"),
        (r"\balways\b", "never"),
        (r"\bwith\b", "without"),
    ),
    "zh": (
        (r"(?<![不只])(可以|支持|包括|包含|提供|接受|适用|影响)", r"不\1"),
        (r"必须|需要|得要", "不用"),
        (r"(?<![不机社协])会(?!员)", "不会"),
        (r"(?<![不还就只于但])是", "不是"),
    ),
}


def negated(sentence: str, language: str) -> str | None:
    """The opposite of ``sentence``; None where no rule applies."""
    for pattern, replacement in (*_TAKEN_OUT.get(language, ()), *_PUT_IN.get(language, ())):
        changed, count = re.subn(pattern, replacement, sentence, count=1, flags=re.IGNORECASE)
        if count:
            return changed
    return None
