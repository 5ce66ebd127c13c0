"""Cuts a text into claims while it is still being written."""

import re

from kb.errors import GenerationError
from kb.text.sentences import split_sentences
from rag.verify.claim import MARKER, Claim, split_claims

MAX_SENTENCE = 8192
"""Characters. Nothing that long is a sentence, and looking for its end again and again would cost more and more."""
_MAY_END = re.compile(r"[.!?。！？…\n]")
_MARKER_BEGINS = re.compile(r"\s?[\[【［]\^?[\d\s,，、;-]*$")
_LIST_NUMBER = re.compile(r"\s*(?:[(（]?[\d一二三四五六七八九十]{1,3}[.)、）]?|[①-⑳])")
_WORD_BEGINS = re.compile(r"[^\W_]")


class SentenceStream:
    """Hands out each claim as soon as nothing that follows can change it.

    That is when the next one has begun with a letter or a digit: until then another marker may follow ("30 days. [1] [2]"), a full
    stop may turn out to be a decimal point ("4." "90") or that of an abbreviation, and a marker on a line of its own belongs to
    the claim before it. All claims together are those of `split_claims` of the whole text, however it was cut into pieces.
    """

    def __init__(self, language: str = "und") -> None:
        """``language`` is that of the text, an ISO 639-1 code."""
        self._language = language
        self._buffer = ""
        self._given = 0

    def feed(self, piece: str) -> list[Claim]:
        """The claims that ``piece`` completes. Raises GenerationError when a sentence does not end."""
        self._buffer += piece
        claims = self._release() if _MAY_END.search(self._buffer) else []
        if len(self._buffer) > MAX_SENTENCE:
            raise GenerationError(f"The language model wrote {MAX_SENTENCE:,} characters without ending a sentence.")
        return claims

    def finish(self, complete: bool = True) -> list[Claim]:
        """The rest. With ``complete`` False the text was cut off, and its last claim is dropped: "It costs 4." may have become 4.90."""
        claims = self._split(self._buffer)
        rest = claims[self._given :] if complete else claims[self._given : -1]
        self._buffer, self._given = "", 0
        return rest

    def _release(self) -> list[Claim]:
        claims = self._split(self._buffer)
        if len(claims) - 1 <= self._given or not _has_begun(self._last_of(claims)):
            return []
        released = claims[self._given : -1]
        self._given = len(claims) - 1
        self._forget(claims)
        return released

    def _last_of(self, claims: list[Claim]) -> str:
        """The last claim as it stands in the buffer; it begins at a sentence or behind a marker."""
        sentences = [start for start, _ in split_sentences(self._buffer, self._language)]
        markers = [marker.end() for marker in MARKER.finditer(self._buffer)]
        for start in sorted({*sentences, *markers}, reverse=True):
            if self._split(self._buffer[:start]) == claims[:-1]:
                return self._buffer[start:]
        return ""

    def _forget(self, claims: list[Claim]) -> None:
        """Drop what no longer bears on how the text goes on: all before the last sentence that was given out.

        That one stays, because what a full stop or a marker means depends on what stands before it.
        """
        for start, _ in reversed(split_sentences(self._buffer, self._language)):
            kept = self._split(self._buffer[start:])
            if len(kept) > 1 and kept[1:] == claims[1 - len(kept) :]:
                self._buffer, self._given = self._buffer[start:], len(kept) - 1
                return

    def _split(self, text: str) -> list[Claim]:
        return split_claims(text, self._language)


def _has_begun(rest: str) -> bool:
    """Whether ``rest`` holds the first letter or digit of a claim, the number of a list item, markers and what may become one aside."""
    words = MARKER.sub("", _MARKER_BEGINS.sub("", rest))
    number = _LIST_NUMBER.match(words)
    return _WORD_BEGINS.search(words, number.end() if number is not None else 0) is not None
