"""Which language a document or a passage is written in. Questions are too short for this: `kb.text.question_language`."""

import re
from functools import lru_cache

from lingua import IsoCode639_1, LanguageDetector, LanguageDetectorBuilder

EUROPEAN = ("EN", "FR", "DE", "ES", "IT", "PT", "NL", "SV", "DA", "PL", "CS", "RO", "HU", "TR", "RU")
UNDETERMINED = "und"
SAMPLE_CHARACTERS = 2000
"""Languages are told from the beginning of a text; more does not change the verdict."""

KANA = "\u3040-\u30ff"
HANGUL = "\uac00-\ud7af"
HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_KANA, _HANGUL, _HAN = (re.compile(f"[{letters}]") for letters in (KANA, HANGUL, HAN))
_LETTER = re.compile(r"[^\W\d_]")
_HAN_SHARE = 0.15
"""A Chinese text about an English-named product may hold more Latin letters than Han characters."""


def detect_language(text: str) -> str:
    """The ISO 639-1 code of ``text``'s main language, or ``und`` when it holds no letters.

    Scripts decide for Chinese, Japanese and Korean; lingua decides among European languages.
    """
    return _language_of(text[:SAMPLE_CHARACTERS])


@lru_cache(maxsize=256)  # a question is asked about again at every step of its answer
def _language_of(sample: str) -> str:
    letters = len(_LETTER.findall(sample))
    if not letters:
        return UNDETERMINED
    kana, hangul, han = (len(pattern.findall(sample)) for pattern in (_KANA, _HANGUL, _HAN))
    if (kana + hangul + han) / letters >= _HAN_SHARE:
        return _east_asian(kana, hangul, han)
    found = _detector().detect_language_of(sample)
    return found.iso_code_639_1.name.lower() if found is not None else UNDETERMINED


def _east_asian(kana: int, hangul: int, han: int) -> str:
    if hangul > han:
        return "ko"
    return "ja" if kana > han * 0.1 else "zh"


@lru_cache(maxsize=1)
def _detector() -> LanguageDetector:
    codes = [getattr(IsoCode639_1, code) for code in EUROPEAN]
    return LanguageDetectorBuilder.from_iso_codes_639_1(*codes).with_low_accuracy_mode().build()
