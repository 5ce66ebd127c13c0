"""The parts of a sentence that limit what it says: "when the item is defective", "for orders over $49", 满 299 元, 发货前."""

import re
from dataclasses import dataclass
from functools import lru_cache

from rag.verify.limit_list import with_commas, with_lists_joined

_CASES = {
    "en": r"\bonly\b|\b(?:if|when|unless|except\w*|provided(?: that)?|providing|as long as|so long as|in case|subject to|where"
    r"|other than|apart from|with (?:proof|a valid|the original|an original)|without an?)\b"
    r"(?! (?:needed|necessary|in doubt|possible|required))"
    r"|\b(?:from|over|above|below|under|upwards of) (?=[£$€¥]?\s?\d)"
    r"|\bonce (?=(?:you|we|it|they|the|your|all|an?)\b)"
    r"|\bfor (?=(?:[\w-]+ ){0,2}(?:members?|holders?|customers?|over|above|from|under|below)\b)",
    "zh": r"如果|如(?!何|需|有疑|下)|若|凡|仅限|只限|限于|(?:但|且|并|^)须|凭|一旦",
}
"""From one of these to the end of its part of the sentence, whatever is said there is said of some cases only."""
_BOUNDS = {
    "en": r"\b(?:within|until|till|up to|at least|at most|no more than|not more than|before|after|during)\b",
    "zh": r"至多|最多|至少",
}
"""From one of these too, but often beside the point ("we reply within two days"): they limit what may be done."""
_CLOSERS = {
    "zh": r"(?<!小)时(?![间长效刻尚])|情况下|除外|(?:以外|之外)(?=[的，,]|$)|者$|的$"
    r"|(?:以前|之前|(?<![之以提])前)(?!台|端|轮|置|盖|往|\s*\d)",
}
"""In Chinese, from the beginning of the part to one of these."""
_CLOSED_BOUNDS = {
    "zh": r"(?:以内|之内|(?<=[天日时月年钟])内)|(?:以后|之后|(?<![之以])后)(?!台|端|轮|置|续|盖|方)",
}
_STATES = {
    "en": r"\b(?:unopened|unused|unworn|unwashed|undamaged|uninstalled|unregistered|in (?:its|the|their) original packaging)\b",
    "zh": r"未[拆开使穿洗激安绑][封启用过洗活装定]?|包装完好|全新|满\s*[\d.]+\s*[^\W\d_](?:以上)?",
}
"""What may be done with things in such a state, or with so many, may not be done with others."""
_MAY = {
    "en": r"\b(?:can|may|could|able|entitled|allowed|permitted|possible|accept\w*"
    r"|return\w*|refund\w*|exchange\w*|cancel\w*|free|covered|eligible|redeem\w*)\b",
    "zh": r"可|能|免|包邮|支持|接受|全额|退款|退货|保修|享",
}
_PARTS = {"en": re.compile(r",(?!\d)|[:()|]|\s[–—-]\s"), "zh": re.compile(r",(?!\d)|[，:：!?！？|()（）]|\s[–—-]\s")}
_STATEMENTS = {
    "en": re.compile(
        r"[;|]|[.!?](?=\s|$)|,?\s(?:while|whereas|but)\s|,\s(?:and|or|which|so|because|who|whose|as)\s"
        r"|\sand (?=(?:then |also )?(?:is|are|can|may|must|will|has|have|costs?|takes?|cannot|needs?|expires?|lapses?)\b)",
        re.IGNORECASE,
    ),
    "zh": re.compile(r"[;；。|]|但(?![须限仅])"),
}
_BACKWARD = {"en": re.compile(r""), "zh": re.compile(r"须|仅限|只限|限于|凭|除外|除非")}
"""A limit with one of these, or in brackets, limits the parts before it too; in English any may stand behind what it limits."""
_CLOSING = {language: re.compile(rf"(?:{closers})\s*$") for language, closers in _CLOSERS.items()}
_EDGES = " ,，:：|()（）."
LANGUAGES = frozenset(_CASES)
"""Languages whose limits are known."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit as it stands in its sentence, and ``governed``: what is said under it, without the limits there."""

    text: str
    governed: str


@dataclass(frozen=True, slots=True)
class Limited:
    """One statement of a sentence: ``text``, its ``core``, which is what is left without the limits, and its ``limits`` in order."""

    text: str
    core: str
    limits: tuple[Limit, ...]


@lru_cache(maxsize=8192)
def limited_of(text: str, language: str) -> tuple[Limited, ...]:
    """The statements of ``text`` that a semicolon, a "but" or an ", and" parts; none in languages whose limits are not known."""
    if language not in LANGUAGES:
        return ()
    joined = with_lists_joined(text, language, _opening(language, _permits(text, language)), _CLOSING.get(language))
    return tuple(_limited(statement, language) for statement in _STATEMENTS[language].split(joined) if statement.strip())


def is_limited(text: str, language: str) -> bool:
    """Whether ``text`` sets any limit, a bound on anything included."""
    patterns = (_CASES, _BOUNDS, _CLOSERS, _CLOSED_BOUNDS, _STATES)
    return any(re.search(pattern[language], text, re.IGNORECASE) for pattern in patterns if language in pattern)


def _limited(statement: str, language: str) -> Limited:
    may = _permits(statement, language)
    limits: list[tuple[int, str, bool]] = []
    cores: list[str] = []
    at = 0
    for end in (*(match.end() for match in _PARTS[language].finditer(statement)), len(statement)):
        part = statement[at:end]
        start, stop = _limit(part, language, may)
        rest = f"{part[:start]} {part[stop:]}"
        states = re.findall(_STATES[language], rest, re.IGNORECASE) if may else []
        bracketed = statement[:at].endswith(("(", "（"))
        limits += [(len(cores), text, bracketed) for text in (with_commas(part[start:stop]).strip(_EDGES), *states) if text]
        cores.append(re.sub(_STATES[language], " ", rest, flags=re.IGNORECASE) if may else rest)
        at = end
    governing = tuple(
        Limit(text, with_commas("".join(cores if bracketed or _BACKWARD[language].search(text) else cores[number:])))
        for number, text, bracketed in limits
    )
    return Limited(with_commas(statement), with_commas("".join(cores)), governing)


def _permits(text: str, language: str) -> bool:
    return re.search(_MAY[language], text, re.IGNORECASE) is not None


@lru_cache(maxsize=8)
def _opening(language: str, may: bool) -> re.Pattern[str]:
    """What a limit begins with, bounds only where something ``may`` be done."""
    return re.compile("|".join((_CASES[language], *([_BOUNDS[language]] if may else []))), re.IGNORECASE)


def _limit(part: str, language: str, may: bool) -> tuple[int, int]:
    """Where the limit of a part stands; 0 and 0 where there is none."""
    found = _opening(language, may).search(part)
    if found is not None:
        return found.start(), len(part)
    closers = [_CLOSERS.get(language), _CLOSED_BOUNDS.get(language) if may else None]
    bare = part.rstrip(",，:：|()（） ")
    return 0, max((match.end() for pattern in closers if pattern for match in re.finditer(pattern, bare)), default=0)
