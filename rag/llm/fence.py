"""The fence around retrieved text: what stands inside is material, and nobody who writes documents can climb out of it."""

import base64
import hashlib
import hmac
import re

from kb.passage import Passage

LINE_MARK = "│ "
"""Begins every line of a passage. Chinese has no spaces that could be marked instead."""
TAG_LETTERS = 10
"""50 bits. The tag depends on the passage's text, so that not even a leaked one can be written into its passage."""
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\U000e0000-\U000e007f]")
"""Zero-width spaces, direction marks and tag characters: they hide words from people, or part a token that is then put together again."""
_CONTROL = re.compile(
    rf"<(?=[|｜]|/?[a-z2-7]{{{TAG_LETTERS}}}>|/?(?:think|tool|tools|tool_?call|(?:start|end)_of_turn|im_(?:start|end)|bos|eos|s|unk|pad|<sys)\b)"
    r"|(?<=[|｜])>"
    r"|\[(?=/?(?:INST|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|SYSTEM_PROMPT)\])",
    re.IGNORECASE,
)
"""How chat templates mark turns and tools (``<|im_start|>``, ``<｜User｜>``, ``<start_of_turn>``, ``</s>``, ``[INST]``), and our tag."""
_HARMLESS = {"<": "‹", ">": "›", "[": "⁅"}


class Fence:
    """Fences keyed by ``secret`` (docs/decisions/0012-prompt-fence.md)."""

    def __init__(self, secret: bytes) -> None:
        """``secret``: bytes that nobody outside this installation knows."""
        self._secret = secret

    def tag(self, passage: Passage) -> str:
        """The word that opens and closes the fence of ``passage``: always the same for the same passage."""
        digest = hmac.digest(self._secret, b"fence:" + passage.id.encode(), hashlib.sha256)
        return base64.b32encode(digest).decode().lower()[:TAG_LETTERS]

    def lines(self, passage: Passage) -> list[str]:
        """The passage with its title and headings, made harmless, each line with its mark."""
        return [f"{LINE_MARK}{line}" for line in harmless(passage.encoded_text).splitlines()]


def harmless(text: str) -> str:
    """``text`` without invisible characters, and with whatever a chat template or our fence would act on made plain text."""
    return _CONTROL.sub(lambda match: _HARMLESS[match.group()], _INVISIBLE.sub("", text))
