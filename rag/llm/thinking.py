"""Takes ``<think>…</think>`` out of a stream: what a reasoning model says to itself is no part of its answer."""

_OPEN = "<think>"
_CLOSE = "</think>"


class ThinkingFilter:
    """Feed it the stream piece by piece; a tag may be cut anywhere."""

    def __init__(self) -> None:
        self._held = ""
        self._thinking = False

    def feed(self, piece: str) -> str:
        """What of the stream so far is answer and was not returned before."""
        self._held += piece
        answer = []
        while True:
            tag = _CLOSE if self._thinking else _OPEN
            before, found, after = self._held.partition(tag)
            if not found:
                break
            answer.append("" if self._thinking else before)
            self._held = after
            self._thinking = not self._thinking
        kept = _started(self._held, tag)
        visible, self._held = self._held[: len(self._held) - kept], self._held[len(self._held) - kept :]
        return "".join([*answer, "" if self._thinking else visible])

    def finish(self) -> str:
        """What was held back because it looked like the beginning of a tag."""
        rest, self._held = self._held, ""
        return "" if self._thinking else rest


def _started(text: str, tag: str) -> int:
    """How many characters at the end of ``text`` may be the beginning of ``tag``."""
    return next((length for length in range(min(len(tag) - 1, len(text)), 0, -1) if text.endswith(tag[:length])), 0)
