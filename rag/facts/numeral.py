"""Numbers in a text, in digits, in words and in Chinese characters."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from num2words import num2words

from rag.facts.span import apart

LANGUAGES = ("en", "fr", "de", "es", "it")
_ROUND = (110, 120, 128, 130, 140, 150, 160, 180, 200, 240, 250, 256, 300, 360, 365, 400, 500, 600, 700, 800, 900, 1000)
_WORD_VALUES = (*range(2, 101), *_ROUND)
"""Numbers that people spell out. "One" is left out: it is a pronoun and an article too (see `rag.facts.spoken_quantity`)."""
_ONE_AND_A_HALF: dict[str, Decimal | int] = dict.fromkeys(("anderthalb", "eineinhalb"), Decimal("1.5"))
_SPECIAL: dict[str, dict[str, Decimal | int]] = {
    "en": {"half a dozen": 6, "a dozen": 12, "dozen": 12, "half": Decimal("0.5"), "twice": 2, "a pair of": 2, "a couple of": 2},
    "fr": {"une douzaine": 12, "demi": Decimal("0.5"), "demie": Decimal("0.5")},
    "de": {"zweimal": 2, "dreimal": 3, "ein halbes": Decimal("0.5"), "eine halbe": Decimal("0.5"), **_ONE_AND_A_HALF},
    "es": {"medio": Decimal("0.5"), "media": Decimal("0.5")},
    "it": {"mezzo": Decimal("0.5"), "mezza": Decimal("0.5")},
}
_DIGITS = re.compile(
    r"(?<!\d)(?<!\d[.,])(?:\d{1,3}(?:[,.'’ \u00a0\u202f]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?)(?!\d)(?P<scale>\s?[千万亿](?![a-z]))?"
)
_FRACTION = re.compile(r"[½¼¾]")
_FRACTIONS = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75")}
_HAN_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_HAN_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_HAN_RUN = "[零〇一二两三四五六七八九十百千万亿]+"
_HAN = re.compile(
    r"半(?=个?(?:月|年|天|日|小时|钟头|分钟|米|价|瓦|公?斤|千?克|升|公里|英?寸|度|勺|杯))"
    rf"|{_HAN_RUN}个半|(?!零下){_HAN_RUN}(?:点[零〇一二三四五六七八九]+)?半?"
)
_HAN_WORDS = re.compile(
    "第[零〇一二两三四五六七八九十百]+|一(?:下|般|起|样|些|旦|定|直|并|切|键|方|边|律|致|概|同|步|到|共|经|点)|统一|万一|唯一|之一|单一|同一|任一|每一|某一|另一"
    "|周[一二三四五六日]|星期[一二三四五六日]|三包|十分(?!钟)|千万(?!元|块|美)"
)
"""Words in which a character for a number counts nothing."""
_COUNTED = re.compile(r"\s?(?:个?(?:小时|钟头|月|星期|季度|工作日)|年|天|日|周|分钟|秒|次|元|块钱|米|公斤|千克|升|度)")
"""Before these "一" counts; elsewhere it is an article."""
_PLACES = (("thousands", 1000), ("hundreds", 100), ("plain", 100), ("rest", 1), ("alone", 1), ("plain_rest", 1))
"""The groups of `_hundreds` and what each counts."""
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，％：－", "0123456789.,%:-")


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number at ``text[start:end]``. ``values`` are all that it can mean: "1.299" is 1.299, and 1299 in half of Europe."""

    start: int
    end: int
    values: frozenset[Decimal]


def find_numerals(text: str, language: str) -> list[Numeral]:
    """The numbers of ``text`` from left to right; words are read as ``language`` and as English, Chinese characters always."""
    text = text.translate(_FULL_WIDTH)
    found = [*_digits(text), *_han(text), *_words(text, language)]
    return apart(sorted(found, key=lambda numeral: (numeral.start, -numeral.end)))


def _digits(text: str) -> Iterator[Numeral]:
    for match in _DIGITS.finditer(text):
        scale = _HAN_SCALES[match["scale"].strip()] if match["scale"] else 1
        written = match.group()[: len(match.group()) - len(match["scale"] or "")]
        yield Numeral(match.start(), match.end(), frozenset(value * scale for value in _readings(written)))
    for match in _FRACTION.finditer(text):
        yield Numeral(match.start(), match.end(), frozenset({_FRACTIONS[match.group()]}))


def _readings(written: str) -> set[Decimal]:
    """What a number in digits can mean, given that commas and points part thousands or decimals."""
    plain = re.sub(r"['’ \u00a0\u202f]", "", written)
    separators = re.findall(r"[.,]", plain)
    if not separators:
        return {Decimal(plain)}
    last = max(plain.rfind("."), plain.rfind(","))
    whole, rest = re.sub(r"[.,]", "", plain[:last]), plain[last + 1 :]
    decimal, thousands = Decimal(f"{whole}.{rest}"), Decimal(whole + rest)
    if len(set(separators)) == 2 or len(rest) != 3:
        return {decimal}
    if len(separators) > 1:
        return {thousands}
    return {decimal, thousands} if int(whole) else {decimal}


def _han(text: str) -> Iterator[Numeral]:
    fixed = [match.span() for match in _HAN_WORDS.finditer(text)]
    for match in _HAN.finditer(text):
        if any(start <= match.start() < end for start, end in fixed):
            continue
        value = _han_value(match.group())
        if value is not None and (match.group() != "一" or _COUNTED.match(text, match.end())):
            yield Numeral(match.start(), match.end(), frozenset({value}))


def _han_value(written: str) -> Decimal | None:
    half = Decimal("0.5") if written.endswith("半") else Decimal(0)
    if written == "一半":
        return half
    body, _, decimals = written.rstrip("个半").partition("点")
    if not body:
        return half
    if all(character in _HAN_DIGITS for character in body) and len(body) > 1:  # 二〇二六: digits one by one
        whole: int | None = int("".join(str(_HAN_DIGITS[character]) for character in body))
    else:
        whole = _han_integer(body)
    if whole is None:
        return None
    return Decimal(whole) + half + (Decimal("0." + "".join(str(_HAN_DIGITS[c]) for c in decimals)) if decimals else 0)


def _han_integer(body: str) -> int | None:
    total = section = digit = 0
    scale = 1
    for character in body:
        if character in _HAN_DIGITS:
            digit = _HAN_DIGITS[character]
            continue
        scale = _HAN_SCALES[character]
        if scale >= 10_000:
            if section + digit == 0:
                return None
            total, section, digit = (total + section + digit) * scale, 0, 0
        else:
            section += (digit or 1) * scale
            digit = 0
    colloquial = scale >= 100 and len(body) > 1 and body[-2] in _HAN_SCALES  # 两千五 is 2500, 一万二 12000
    return total + section + digit * (scale // 10 if colloquial else 1)


def _words(text: str, language: str) -> Iterator[Numeral]:
    for name in dict.fromkeys((language if language in LANGUAGES else "en", "en")):
        pattern, values = _lexicon(name)
        for match in pattern.finditer(text.lower()):
            yield Numeral(match.start(), match.end(), frozenset({values[_folded(match.group())]}))
    yield from _large(text.lower())


def _large(lowered: str) -> Iterator[Numeral]:
    """English numbers above a hundred, which no list holds: "five hundred and twelve", "two thousand three hundred", "ten thousand"."""
    for match in _hundreds().finditer(lowered):
        value = Decimal(0)
        for part, factor in _PLACES:
            if match[part]:
                value += factor * _small()[_folded(match[part])]
        yield Numeral(match.start(), match.end(), frozenset({value}))


@lru_cache(maxsize=1)
def _small() -> dict[str, int]:
    """The English words of 1 to 99."""
    return {_folded(num2words(value, lang="en")): value for value in range(1, 100)} | {"a": 1}


@lru_cache(maxsize=1)
def _hundreds() -> re.Pattern[str]:
    word = "|".join(re.escape(name).replace(r"\ ", "[ -]") for name in sorted(_small(), key=len, reverse=True))
    joined = r"(?:,? and |,? |-)"
    rest = rf"(?P<{{name}}>(?!a\b)(?:{word})(?![ -](?:hundred|thousand)))"
    hundreds = rf"(?P<hundreds>{word})[ -]hundred(?:{joined}{rest.format(name='rest')})?"
    thousands = rf"(?P<thousands>{word})[ -]thousand"
    behind = rf"(?:{joined}(?:{hundreds}|{rest.format(name='alone')}))?"
    only_hundreds = hundreds.replace("<hundreds>", "<plain>").replace("<rest>", "<plain_rest>")
    return re.compile(rf"(?<![\w-])(?:{thousands}{behind}|{only_hundreds})(?![\w-])")


def _and_a_half(language: str) -> dict[str, Decimal]:
    """ "Five and a half", "fünfeinhalb"."""
    joint = {"en": " and a half", "de": "einhalb"}.get(language)
    return {num2words(value, lang=language) + joint: value + Decimal("0.5") for value in range(1, 21)} if joint else {}


@lru_cache(maxsize=len(LANGUAGES))
def _lexicon(language: str) -> tuple[re.Pattern[str], dict[str, Decimal]]:
    """A pattern for the number words of ``language``, and their values."""
    spoken = {form: Decimal(value) for value in _WORD_VALUES for form in _forms(_folded(num2words(value, lang=language)))}
    spoken |= {word: Decimal(value) for word, value in _SPECIAL[language].items()} | _and_a_half(language)
    longest_first = sorted(spoken, key=len, reverse=True)
    words = "|".join(re.escape(word).replace(r"\ ", "[ -]").replace(r"\-", "[ -]") for word in longest_first)
    return re.compile(rf"(?<![\w-])(?<!\bthe )(?<!\bthese )(?<!\bthose )(?<!\ball )(?:{words})(?!\w)"), spoken


def _forms(word: str) -> set[str]:
    """As dictionaries have it, and as people say it: "a hundred twenty"."""
    forms = {word, word.replace(" and ", " ")}
    return forms | {form.replace("one hundred", "a hundred").replace("one thousand", "a thousand") for form in forms}


def _folded(word: str) -> str:
    return re.sub(r"[ -]+", " ", word)
