"""What can go wrong with a language model of one's own."""

from pathlib import Path

from kb.errors import CitedeskError

_SHOWN_LINES = 3
_SHOWN_CHARACTERS = 600


class LlmServerError(CitedeskError):
    """vLLM cannot be installed or started, or its model cannot be prepared. The sentence names the log with the details."""


def last_words(log: Path) -> str:
    """The last lines of a log that hold text, as one line; what a program says last is mostly why it ended."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return "it said nothing"
    said = [line.strip() for line in lines if line.strip()][-_SHOWN_LINES:]
    return " / ".join(said)[-_SHOWN_CHARACTERS:] or "it said nothing"
