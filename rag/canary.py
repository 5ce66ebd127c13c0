"""The canary: a word in the rules given to the model that stands nowhere else. An answer that holds it gives the rules away."""

import base64
import codecs
import hashlib
import hmac
import re
import unicodedata

LETTERS = 16
"""80 bits: nobody guesses it, and no honest text holds it."""
PART = 8
"""So many of its letters in a row are as good as all of them."""
_OTHER = re.compile(r"[^a-z0-9]+")
_SPACE = re.compile(r"\s+")


class Canary:
    """The same for the same installation, so that all its servers send vLLM the same first bytes."""

    def __init__(self, secret: bytes) -> None:
        """``secret``: bytes that nobody outside this installation knows."""
        digest = hmac.digest(secret, b"canary", hashlib.sha256)
        self.word = base64.b32encode(digest).decode().lower()[:LETTERS]
        parts = [self.word[start : start + PART] for start in range(LETTERS - PART + 1)]
        turned = [codecs.encode(part, "rot13") for part in parts]
        self._needles = frozenset([*parts, *(part[::-1] for part in parts), *turned, *(part.encode().hex() for part in parts)])
        self._encoded = frozenset(_base64_middle(spelled[start:]) for spelled in (self.word, self.word.upper()) for start in range(3))

    def is_in(self, text: str) -> bool:
        """Whether ``text`` holds it: also spaced out, backwards, in hexadecimal, base64 or ROT13, or half of it."""
        plain = _OTHER.sub("", unicodedata.normalize("NFKC", text).lower())
        if any(needle in plain for needle in self._needles):
            return True
        squeezed = _SPACE.sub("", text)
        return any(needle in squeezed for needle in self._encoded)


def _base64_middle(word: str) -> str:
    """What base64 makes of whole groups of three letters: the same wherever a group begins."""
    whole = len(word) // 3 * 3
    return base64.b64encode(word[:whole].encode()).decode()
