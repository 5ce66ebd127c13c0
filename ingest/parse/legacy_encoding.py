"""Which encoding of the time before UTF-8 a text is in: told by what each would make of its bytes.

Nothing in such a file says so. Each East Asian encoding reads the others' bytes as rare characters, so the one that gives the commonest
ones is meant. Letters of Cyrillic encodings come out as words of nothing but accented letters in a Western one, those of the Central
European one as signs within words.
"""

import re
from collections.abc import Callable, Mapping
from itertools import islice

from ingest.parse.pdf_common_letters import COMMON_HAN

LOOKED_AT = 20_000
"""Characters by which an encoding is judged: more cost time and tell nothing."""
LEAST_COMMON = 0.5
"""Share of common characters among all that are no ASCII and no punctuation. Right encodings give .5 and more, wrong ones .36 at most, or
an error; shares of one sentence each, in four languages."""
CERTAINLY_CHINESE = 0.4
"""Share in GB 18030 that no other encoding gives there (.24 at most), however Korean the same bytes look."""
LEAST_HANGUL = 0.9
"""Half of all Chinese characters are Korean syllables in EUC-KR."""
LEAST_CHINESE = 0.15
"""The same for GB 18030 alone, where no other fits: names and rare characters (镕基) are few but no accident."""
LEAST_CYRILLIC = 0.4
"""Share of the ten commonest letters among all Cyrillic ones: .5 to .65 in Russian, Ukrainian and Bulgarian."""
CYRILLIC = ("cp1251", "koi8_r")
_PUNCTUATION = re.compile(r"[\x00-\x7f\u00b7\u2013-\u2026\u3000-\u3003\u3008-\u3020\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff5e]")
_KANA = re.compile(r"[\u3041-\u30ff]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_WIDE = re.compile(r"[\u3041-\u30ff\u4e00-\u9fff\uac00-\ud7a3]")
_TOUCHING = re.compile(rf"[A-Za-z]{_WIDE.pattern}|{_WIDE.pattern}[A-Za-z]")
_WIDE_RUN = re.compile(rf"{_WIDE.pattern}{{2}}")
_WIDE_ALONE = re.compile(rf"(?<=[A-Za-z]){_WIDE.pattern}(?=[A-Za-z])")
_RARE_FOR_GBK = re.compile(r"[\ue000-\uf8ff]|[\u3400-\u4dbf]")
_HIGH_WORD = re.compile(r"(?<![A-Za-z\xc0-\xff])[\xc0-\xff]{3,}(?![A-Za-z\xc0-\xff])")
_WORD_WITH_HIGH = re.compile(r"[A-Za-z\xc0-\xff]*[\xc0-\xff][A-Za-z\xc0-\xff]*")
_SIGN_IN_WORD = re.compile(r"[A-Za-z\xc0-\xff][\xa3\xa5\xaf\xb3\xb9\xbc\xbe\xbf](?:[a-z\xe0-\xff]|\b)")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_COMMON_CYRILLIC = frozenset("оеаинтсрвл")


def legacy_encoding(content: bytes) -> str | None:
    """The name of the encoding that ``content``, which is no UTF-8, is most likely in; None if it is in none that we know."""
    shares = {name: share for name, common in _EAST_ASIAN.items() if (share := _share(content, name, common)) is not None}
    if shares.get("gb18030", 0.0) >= CERTAINLY_CHINESE:
        return "gb18030"
    best = max(shares, key=lambda name: shares[name], default=None)
    if best is not None and shares[best] >= (LEAST_HANGUL if best == "euc_kr" else LEAST_COMMON):
        return best
    alphabetic = _alphabetic(content)
    if "gb18030" in shares and (shares["gb18030"] >= LEAST_CHINESE or (alphabetic not in CYRILLIC and _stands_apart(content))):
        return "gb18030"
    return alphabetic


def _share(content: bytes, name: str, common: Callable[[str], bool]) -> float | None:
    """The share of common characters in what ``name`` makes of ``content``; None if that is no text of East Asia."""
    text = _decoded(content, name)
    if text is None or not _has_runs(text):
        return None
    telling = list(islice((character for character in text or "" if not _PUNCTUATION.match(character)), LOOKED_AT))
    return sum(map(common, telling)) / len(telling) if telling else None


def _has_runs(text: str) -> bool:
    """Whether characters of East Asia come in runs; umlauts read as such give single ones between Latin letters."""
    every, alone = len(_WIDE.findall(text)), len(_WIDE_ALONE.findall(text))
    return every > 4 * len(_RARE_FOR_GBK.findall(text)) and _WIDE_RUN.search(text) is not None and alone * 2 < every


def _stands_apart(content: bytes) -> bool:
    """Whether no character of East Asia touches a Latin letter, as those do that were accented letters within words."""
    return _TOUCHING.search(content.decode("gb18030")) is None


def _alphabetic(content: bytes) -> str | None:
    western = _decoded(content, "latin-1") or ""
    if 2 * len(_HIGH_WORD.findall(western)) > len(_WORD_WITH_HIGH.findall(western)):
        shares = {name: share for name in CYRILLIC if (share := _cyrillic_share(content, name)) is not None}
        best = max(shares, key=lambda name: shares[name], default=None)
        return best if best is not None and shares[best] >= LEAST_CYRILLIC else None
    names = ("cp1250", "cp1252") if len(_SIGN_IN_WORD.findall(western)) > 1 else ("cp1252", "cp1250")
    return next((name for name in names if _decoded(content, name) is not None), None)


def _cyrillic_share(content: bytes, name: str) -> float | None:
    letters = _CYRILLIC.findall(_decoded(content, name) or "")
    return sum(letter in _COMMON_CYRILLIC for letter in letters) / len(letters) if letters else None


def _decoded(content: bytes, name: str) -> str | None:
    try:
        return content.decode(name)
    except UnicodeDecodeError:
        return None


def _is_common_han(character: str) -> bool:
    return character in COMMON_HAN


def _is_common_japanese(character: str) -> bool:
    return character in COMMON_HAN or _KANA.match(character) is not None


def _is_hangul(character: str) -> bool:
    return _HANGUL.match(character) is not None


_EAST_ASIAN: Mapping[str, Callable[[str], bool]] = {
    "gb18030": _is_common_han,  # the first of those that are equal counts
    "cp950": _is_common_han,
    "cp932": _is_common_japanese,
    "euc_jp": _is_common_japanese,
    "euc_kr": _is_hangul,  # not cp949: its 8,800 further syllables read anything as Korean
}
