"""What customers of online shops ask about: about two hundred concepts, and how people name them in five languages.

``thesaurus.json`` maps each concept to words and short phrases by language (en, zh, fr, de, es), lower case, written from
general knowledge of shops and not from any catalogue. A Latin word matches at the beginning of a word ("refund" finds
"refunded"), a Chinese one anywhere.
"""

import json
import re
import unicodedata
from functools import lru_cache
from pathlib import Path

THESAURUS_FILE = Path(__file__).with_name("thesaurus.json")
_HAN = re.compile(r"[\u3400-\u9fff]")


@lru_cache(maxsize=4096)
def concepts_in(text: str) -> frozenset[str]:
    """The concepts that ``text`` names, in whatever language."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return frozenset(name for name, pattern in _patterns().items() if pattern.search(folded))


def words_of(concept: str) -> tuple[str, ...]:
    """The words and phrases by which ``concept`` is named, in all languages.

    Raises:
        KeyError: there is no such concept.
    """
    return _thesaurus()[concept]


@lru_cache(maxsize=1)
def _thesaurus() -> dict[str, tuple[str, ...]]:
    concepts: dict[str, dict[str, list[str]]] = json.loads(THESAURUS_FILE.read_text(encoding="utf-8"))
    return {name: tuple(word for words in by_language.values() for word in words) for name, by_language in concepts.items()}


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    return {name: _pattern(words) for name, words in _thesaurus().items()}


def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    parts = [re.escape(word) for word in words if _HAN.search(word)]
    latin = [re.escape(word) for word in words if not _HAN.search(word)]
    if latin:
        parts.append(rf"(?<!\w)(?:{'|'.join(latin)})")
    return re.compile("|".join(parts))
