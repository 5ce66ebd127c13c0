"""What no answer may hold, whatever a document or a model says: foreign links, pictures, HTML, the canary, words to another model.

These checks know nothing of meaning and cannot be talked round. They hold for every generator (docs/decisions/0028-injection.md).
"""

import re
import unicodedata
from collections.abc import Collection, Sequence

from kb.search import Hit
from kb.text.instructions import speaks_to_model
from kb.text.invisible import visible_text
from rag.canary import Canary
from rag.links import find_links, host_of, leads_to
from rag.reason import Reason
from rag.verify.claim import MARKER

PICTURE = Reason("picture", "It shows a picture; answers hold none.")
MARKUP = Reason("markup", "It holds HTML; answers hold none.")
GIVES_RULES_AWAY = Reason("canary", "It gives away the rules the model was given.")
SPEAKS_TO_MODEL = Reason("speaks_to_model", "It speaks to a language model, not to a reader.")
FOREIGN_LINK = "It links to “{}”, which is neither of a cited document nor among CITEDESK_LINK_DOMAINS."
CANARY_MARK = "[canary]"
_PICTURE = re.compile(r"!\[|<\s*(?:img|image|picture|svg|video|audio|source)\b(?=[\s/][^>]*=|\s*/)", re.I)
_NAMES = (
    "a|abbr|address|applet|area|article|aside|audio|b|base|bdi|bdo|blink|blockquote|body|br|button|canvas|caption|center|cite|code|col|dd|del"
    "|details|dfn|dialog|div|dl|dt|em|embed|fieldset|figure|font|footer|form|frame|frameset|h[1-6]|head|header|hr|html|i|iframe|image|img|input"
    "|ins|kbd|label|legend|li|link|main|map|mark|marquee|math|menu|meta|meter|nav|noscript|object|ol|optgroup|option|output|p|param|picture|pre"
    "|progress|q|s|samp|script|section|select|slot|small|source|span|strike|strong|style|sub|summary|sup|svg|table|tbody|td|template|textarea"
    "|tfoot|th|thead|time|title|tr|track|tt|u|ul|var|video|xmp"
)
_ELEMENT = re.compile(rf"<\s*(?P<close>/?)\s*(?P<name>{_NAMES})(?P<rest>(?:[\s/][^<>]*)?(?:>|$))|<!--|<!doctype|<\?xml", re.I)
_ATTRIBUTE = re.compile(r"<\s*/?\s*[a-z][\w:.-]*[\s/][^<>]*=", re.I)
"""An element of any name with an attribute: ``<x-lamp onclick=…>`` runs as well as ``<b onclick=…>``."""
LEAST_RULE = 20
"""Letters. A sentence of the rules that has fewer could stand in any text."""
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])|\n")
_KEYS = frozenset("audio button caption data input link mark menu option output progress select source summary time title video".split())
"""Also names of keys, which manuals write as ``<Menu>``; without attributes they load and run nothing."""


class OutputCheck:
    """Decides about one sentence. Safe for concurrent use."""

    def __init__(self, link_domains: Sequence[str] = (), canary: Canary | None = None, rules: str = "") -> None:
        """``link_domains``: hosts that any answer may link to, with all hosts below them. ``canary`` is that of the model's ``rules``."""
        self._hosts = frozenset(domain.lower().strip(".") for domain in link_domains)
        self._canary = canary
        self._rules = frozenset(bare for one in _SENTENCE_END.split(rules) if len(bare := _letters(one)) >= LEAST_RULE)

    def problem(self, text: str, before: str = "") -> Reason | None:
        """Why ``text`` may not be sent, whatever it cites; None when nothing speaks against it. ``before`` is what was sent last."""
        if self.gives_away(text, before):
            return GIVES_RULES_AWAY
        plain = unicodedata.normalize("NFKC", visible_text(text))
        if _PICTURE.search(plain):
            return PICTURE
        if _ATTRIBUTE.search(plain) or any(_is_markup(element) for element in _ELEMENT.finditer(plain)):
            return MARKUP
        return SPEAKS_TO_MODEL if speaks_to_model(text) else None

    def link_problem(self, text: str, cited: Collection[Hit]) -> Reason | None:
        """Why a link of ``text`` may not be sent in a sentence that cites ``cited``; None when every link may."""
        links = find_links(text)
        if not links:
            return None
        hosts = self._hosts | {host for hit in cited if (host := host_of(hit.passage.public_url)) is not None}
        foreign = next((link for link in links if not leads_to(link, hosts)), None)
        return None if foreign is None else Reason("link", FOREIGN_LINK.format(foreign.host or foreign.written))

    def gives_away(self, text: str, before: str = "") -> bool:
        """Whether ``text``, or what it makes together with ``before``, holds the canary, or ``text`` a sentence of the rules."""
        if self._canary is not None and (self._canary.is_in(text) or self._canary.is_in(before + text)):
            return True
        said = _letters(text)
        return any(rule in said for rule in self._rules)


def _letters(text: str) -> str:
    """The letters of ``text`` alone, in lower case."""
    return "".join(character for character in unicodedata.normalize("NFKC", text).casefold() if character.isalpha())


def without_markers(text: str) -> str:
    """``text`` with what looks like a citation marker in round brackets: a document's own ``[9]`` is no citation of ours."""
    return MARKER.sub(lambda marker: f"{' ' if marker.group()[:1].isspace() else ''}({marker.group().strip()[1:-1].lstrip('^')})", text)


def _is_markup(element: re.Match[str]) -> bool:
    name = (element.group("name") or "").lower()
    return name not in _KEYS or bool(element.group("close")) or element.group("rest").strip() != ">"
