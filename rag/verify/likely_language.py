"""The language of a text that may be too short to tell it: then it is likely one that the passages are written in."""

from collections.abc import Sequence

from kb.text.languages import detect_language

SURE_CHARACTERS = 100
"""A text this long tells its language. Of shorter English sentences many are taken for another European language."""
UNSPACED = frozenset({"zh", "ja", "ko"})
"""Languages that are told by their script, however short the text."""


def likely_language(text: str, known: Sequence[str]) -> str:
    """An ISO 639-1 code. ``known`` are the languages of the passages, the most frequent first."""
    found = detect_language(text)
    if len(text) >= SURE_CHARACTERS or found in UNSPACED or found in known:
        return found
    return next((language for language in known if language not in UNSPACED), found)
