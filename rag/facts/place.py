"""Chinese place names in a text, by the part-of-speech tags of jieba's dictionary."""

from dataclasses import dataclass
from functools import lru_cache

from jieba.posseg import POSTokenizer

from kb.text.tokens import segmenter

PLACE = "ns"
_NO_PLACES = frozenset("东西 新旧 上下 南北 前海 大海".split())
"""Words that the dictionary takes for places, and shops do not."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place name at ``text[start:end]``."""

    start: int
    end: int


def find_places(text: str) -> list[Place]:
    """The place names of two characters and more, from left to right."""
    found, at = [], 0
    for pair in _tagger().cut(text):
        start = text.index(pair.word, at)
        at = start + len(pair.word)
        if pair.flag == PLACE and len(pair.word) > 1 and pair.word not in _NO_PLACES:
            found.append(Place(start, at))
    return found


@lru_cache(maxsize=1)
def _tagger() -> POSTokenizer:
    return POSTokenizer(segmenter())
