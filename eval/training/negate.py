"""Turns a sentence into its opposite by one word, where a rule can: "can" and "cannot", "before" and "after", 需要 and 不需要."""

import re
from collections.abc import Iterator

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
        (r"\bcan\b(?! not|n't|not)", "cannot"),
        (r"\b(could|will|is|are|was|were|must|may|should)\b(?! not|n't|not)", r"\1 not"),
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
_ANTONYMS: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (
        ("before", "after"),
        ("included", "not included"),
        ("free of charge", "for a fee"),
        ("at least", "at most"),
        ("more than", "less than"),
        ("above", "below"),
        ("switch it on", "switch it off"),
        ("turn it on", "turn it off"),
        ("switched on", "switched off"),
        ("open", "closed"),
        ("opened", "unopened"),
        ("used", "unused"),
        ("refundable", "non-refundable"),
        ("allowed", "forbidden"),
        ("required", "optional"),
        ("increases", "reduces"),
        ("longer", "shorter"),
        ("the first", "the last"),
        ("inside", "outside"),
        ("buyer", "seller"),
        ("customer", "shop"),
        ("only", "also"),
        ("manually", "automatically"),
        ("hot", "cold"),
        ("cool", "warm"),
        ("wet", "dry"),
        ("both", "neither"),
    ),
    "zh": (
        ("之前", "之后"),
        ("免费", "收费"),
        ("以上", "以下"),
        ("至少", "最多"),
        ("包邮", "不包邮"),
        ("允许", "禁止"),
        ("必须", "可以不"),
        ("支持", "不支持"),
        ("开启", "关闭"),
        ("打开", "关闭"),
        ("已拆封", "未拆封"),
        ("自动", "手动"),
        ("买家", "卖家"),
        ("只", "不只"),
        ("高于", "低于"),
        ("大于", "小于"),
        ("早于", "晚于"),
        ("线上", "线下"),
        ("含", "不含"),
        ("可", "不可"),
    ),
}


def opposites(sentence: str, language: str) -> list[str]:
    """The opposites of ``sentence``, each with one thing turned round; none where no rule applies."""
    return list(dict.fromkeys([*_by_negation(sentence, language), *_by_antonym(sentence, language)]))


def _by_negation(sentence: str, language: str) -> Iterator[str]:
    """What a "not" taken out makes of it; where there is none, what one put in does."""
    taken_out = list(changed(sentence, _TAKEN_OUT.get(language, ())))
    yield from taken_out or changed(sentence, _PUT_IN.get(language, ()))


def _by_antonym(sentence: str, language: str) -> Iterator[str]:
    both_ways = [pair for one, other in _ANTONYMS.get(language, ()) for pair in ((one, other), (other, one))]
    for one, other in both_ways:
        if other in sentence and one in other:
            continue  # "not included" holds "included"; only the longer of the two is meant
        edge = "" if language == "zh" else r"\b"
        before = "(?<![不未])" if language == "zh" else ""
        yield from changed(sentence, ((f"{before}{edge}{re.escape(one)}{edge}", other),))


def changed(sentence: str, rules: tuple[tuple[str, str], ...]) -> Iterator[str]:
    """``sentence`` as each of ``rules``, a pattern and what stands in its place, changes it where it first applies."""
    for pattern, replacement in rules:
        text, count = re.subn(pattern, replacement, sentence, count=1, flags=re.IGNORECASE)
        if count:
            yield text[:1].upper() + text[1:]
