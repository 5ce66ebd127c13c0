"""Hidden HTML between the lines of Markdown: elements that begin in one piece and end in another, and comments."""

import re
from collections import Counter

from selectolax.lexbor import LexborHTMLParser

from ingest.parse.hidden_html import Kind, drop_hidden, is_hidden_tag
from ingest.parse.html import UNCLOSED

_TAG = re.compile(r"<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9-]*)[^<>]*>")
_RAW = frozenset({"template", "noscript", "style", "script"})


class HiddenSpans:
    """Follows the raw HTML of one Markdown file, in order. While it is `hiding`, text is not shown to a reader."""

    def __init__(self) -> None:
        self.counts: Counter[Kind] = Counter()
        self._open: list[tuple[str, bool]] = []

    @property
    def hiding(self) -> bool:
        """Whether an element that is still open hides what is in it."""
        return any(hides for _, hides in self._open)

    def passes(self, text: str) -> bool:
        """Whether ``text``, which stands here, is seen; one that is not is counted."""
        if self.hiding and text.strip():
            self.counts["not displayed"] += 1
        return not self.hiding

    def read(self, html: str) -> None:
        """Takes note of the tags in ``html``, a whole block of raw HTML or one inline tag."""
        for match in _TAG.finditer(re.sub(r"<!--.*?(?:-->|$)", "", html, flags=re.S)):
            name = match.group("name").lower()
            if match.group("close"):
                self._close(name)
            elif name not in UNCLOSED and not match.group().endswith("/>"):
                self._open.append((name, self._hides(match.group(), name)))

    def comment(self, html: str) -> None:
        """Counts an inline comment."""
        tree = LexborHTMLParser(f"<body>{html}")
        self.counts += drop_hidden(tree)

    def _close(self, name: str) -> None:
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place][0] == name:
                del self._open[place:]
                return

    def _hides(self, tag: str, name: str) -> bool:
        if name in _RAW:
            return True
        node = LexborHTMLParser(f"<body>{tag}").css_first(f"body {name}")
        return node is not None and is_hidden_tag(node.attributes)
