"""Sentence boundaries in English, Chinese and other languages: spans, so that a quote stays literal."""

import re

_ABBREVIATIONS = frozenset(
    "e.g i.e etc vs approx no nr fig figs ca cf mr mrs ms dr prof st inc ltd co corp dept est max min vol sec ch p pp art tel "
    "u.s u.k u.s.a a.m p.m z.b d.h u.a bzw ggf inkl zzgl evtl usw abs m mm mme mlle env p.ex av bd sr sra dña ud uds pág núm aprox "
    "jan feb mar apr jun jul aug sept sep oct nov dec".split()
)
_MAY_END_A_SENTENCE = frozenset("no m max min art etc st p est env mar a.m p.m".split())
_CLOSERS = "\"'”’」』）》】)]»"
_BOUNDARY = re.compile(
    rf"(?P<line>\n+)|(?P<cjk>[。！？][{re.escape(_CLOSERS)}]*)|(?P<western>[.!?]+[{re.escape(_CLOSERS)}]*)(?=\s|$)"
)
_NEXT_STARTS_SENTENCE = re.compile(r"\s+[^\s\w]*(?:\d|[^\W\d_])")
LONGEST_WORD = 64
"""Characters looked at before a full stop; without a bound a long text without ends would take the square of its length."""
_LAST_WORD = re.compile(r"([^\s(\[\"“'‘]+)$")
_LIST_NUMBER = re.compile(r"(?:^|\n)\s*(?:\d{1,3}|[A-Za-z])$")


def split_sentences(text: str, language: str = "und") -> list[tuple[int, int]]:
    """Spans ``(start, end)`` of the sentences of ``text``, in order, without surrounding white space.

    Line breaks always end a sentence (blocks and table rows stand on lines of their own). A full stop does not when it
    closes an abbreviation, an initial, or a list number, or when the next word begins in lower case. ``language`` is
    an ISO 639-1 code; the rules of all languages apply side by side, so ``und`` loses little.
    """
    spans = []
    start = 0
    for match in _BOUNDARY.finditer(text):
        if match.lastgroup == "western" and not _ends_sentence(text, start, match, language):
            continue
        spans.append((start, match.start() if match.lastgroup == "line" else match.end()))
        start = match.end()
    spans.append((start, len(text)))
    return [span for span in (_trim(text, *span) for span in spans) if span[0] < span[1]]


def _ends_sentence(text: str, start: int, match: re.Match[str], language: str) -> bool:
    following = _NEXT_STARTS_SENTENCE.match(text, match.end())
    if following is None:
        return True
    if not match.group().startswith("."):
        return True
    before = text[max(start, match.start() - LONGEST_WORD) : match.start()]
    if _LIST_NUMBER.search(before) and not before.strip()[:-1].strip():
        return False
    word = _LAST_WORD.search(before)
    if word is not None and _is_abbreviation(word.group(1), following.group()[-1], language):
        return False
    return not following.group()[-1].islower()


def _is_abbreviation(word: str, following: str, language: str) -> bool:
    if len(word) == 1 and word.isalpha() and word.isupper():
        return True
    if word.casefold() in _ABBREVIATIONS:
        return following.isdigit() or word.casefold() not in _MAY_END_A_SENTENCE
    return language == "de" and word.isdecimal() and int(word) <= 31 and not following.isdigit()  # "am 3. März"


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
