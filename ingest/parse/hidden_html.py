"""Takes out of a page what its reader does not see, and counts it for the report."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.parse.hidden_style import WHITE, Appearance, Way, declarations, hides_element
from ingest.parse.style_sheet import styles_of

Kind = Way | str
_UNSEEN = frozenset({"noscript", "template"})
_NOT_TEXT = frozenset("script style head title iframe object embed svg canvas video audio select textarea".split())
_WORDS = re.compile(r"[^\W\d_]{2,}")
_HAN = re.compile(r"[\u4e00-\u9fff]")
LEAST_WORDS = 3


def drop_hidden(tree: LexborHTMLParser) -> Counter[Kind]:
    """Removes hidden text from ``tree``, and returns how many stretches of it there were, by the way they were hidden.

    What a control of the page opens (`aria-controls`, a link to its id) is not hidden by a style sheet: it only is not open yet.
    """
    body = tree.body
    if body is None:
        return Counter()
    walk = _Walk(styles_of(tree), _opened(tree), Appearance(background=None if tree.css_first("link[rel~=stylesheet]") else WHITE))
    for node in walk.hidden(body):
        node.decompose()
    return walk.counts


def hidden_note(counts: Mapping[Kind, int]) -> str | None:
    """One sentence for the report; None if nothing was hidden."""
    if not counts:
        return None
    listed = ", ".join(f"{count} {kind}" for kind, count in counts.items())
    return f"text that a reader of the page does not see was left out ({listed})"


def is_hidden_tag(attributes: Mapping[str, str | None]) -> bool:
    """Whether an element's own attributes hide what is in it."""
    style = declarations(attributes.get("style") or "")
    return _way_of(attributes, style) is not None or Appearance(background=WHITE).within(style).hides_text is not None


class _Walk:
    def __init__(self, sheet: Mapping[int, Mapping[str, str]], opened: frozenset[str], start: Appearance) -> None:
        self.counts: Counter[Kind] = Counter()
        self._sheet = sheet
        self._opened = opened
        self._start = start

    def hidden(self, body: LexborNode) -> list[LexborNode]:
        """The outermost nodes that are hidden."""
        found = []
        stack = [(body, self._start)]
        while stack:
            node, outside = stack.pop()
            way: Kind | None = None
            if node.tag == "-text":
                way = outside.hides_text
            elif node.tag == "-comment":
                way = "in comments"
            elif node.tag in _UNSEEN:
                way = f"in <{node.tag}>"
            elif node.tag in _NOT_TEXT:
                continue
            else:
                way, inside = self._look(node, outside)
                if way is None:
                    stack += [(child, inside) for child in reversed(list(_children(node)))]
            if way is not None:
                found.append(node)
                self._count(node, way)
        return found

    def _look(self, node: LexborNode, outside: Appearance) -> tuple[Kind | None, Appearance]:
        attributes = node.attributes
        own = declarations(attributes.get("style") or "")
        sheet = self._sheet.get(node.mem_id, {})
        opens = (attributes.get("id") or "") in self._opened or attributes.get("role") == "tabpanel"
        style = own if opens else {**sheet, **own}
        if node.tag == "font" and attributes.get("color"):
            style = {"color": attributes["color"] or "", **style}
        if attributes.get("bgcolor"):
            style = {"background-color": attributes["bgcolor"] or "", **style}
        way = _way_of(attributes, style)
        return way, outside.within(style)

    def _count(self, node: LexborNode, way: Kind) -> None:
        text = (node.html or "") if node.tag == "-comment" or node.tag in _UNSEEN else node.text()
        least = LEAST_WORDS if node.tag == "-comment" or node.tag in _UNSEEN else 1
        if len(_WORDS.findall(re.sub(r"<[^!][^>]*>", " ", text))) >= least or len(_HAN.findall(text)) >= 2 * least:
            self.counts[way] += 1


def _way_of(attributes: Mapping[str, str | None], style: Mapping[str, str]) -> Way | None:
    """How the element is hidden with all that is in it. Tiny, invisible or pale text may show again further inside: it is judged there."""
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return "not displayed"
    return hides_element(style)


def _opened(tree: LexborHTMLParser) -> frozenset[str]:
    """The ids of what the page's own controls open."""
    ids: set[str] = set()
    for node in tree.css("[aria-controls], [data-target], [data-bs-target], a[href^='#']"):
        for name in ("aria-controls", "data-target", "data-bs-target", "href"):
            ids.update(part.lstrip("#") for part in (node.attributes.get(name) or "").split())
    return frozenset(ids - {""})


def _children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.first_child
    while child is not None:
        yield child
        child = child.next
