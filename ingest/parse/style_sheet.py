"""The rules of a page's own ``<style>`` elements, as far as they are simple: which element gets which declarations."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from ingest.parse.hidden_style import declarations

MOST_RULES = 2000
MOST_CHARACTERS = 400_000
TELLING = frozenset(
    "display visibility opacity color background background-color background-image font-size position left top right bottom text-indent "
    "clip clip-path transform height max-height width max-width overflow margin-left margin-top content-visibility".split()
)
_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.S)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_FOR_SCREENS = re.compile(r"@media\s+(?:only\s+)?(?:screen|all)\s*\{", re.I)
_AT_BLOCK = re.compile(r"@[^{};]+\{(?:[^{}]|\{[^{}]*\})*\}")
_AT_LINE = re.compile(r"@(?:import|charset|namespace|layer)[^;{]*;")


def styles_of(tree: LexborHTMLParser) -> dict[int, dict[str, str]]:
    """Declarations by the element's `mem_id`, later rules over earlier ones. Rules for states, parts and some screens are left out."""
    text = "\n".join(node.text() for node in tree.css("style"))[:MOST_CHARACTERS]
    found: dict[int, dict[str, str]] = {}
    for selector, style in _rules(text):
        try:
            nodes = tree.css(selector)
        except (SelectolaxError, ValueError):
            continue  # a selector that the parser does not know says nothing to us
        for node in nodes:
            found.setdefault(node.mem_id, {}).update(style)
    return found


def _rules(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    plain = _AT_LINE.sub("", _COMMENT.sub("", text))
    plain = _FOR_SCREENS.sub("{", plain)  # its rules stay; the braces around them are no rule
    plain = _AT_BLOCK.sub("", plain)
    for number, match in enumerate(_RULE.finditer(plain)):
        if number >= MOST_RULES:
            return
        style = {name: value for name, value in declarations(match.group(2)).items() if name in TELLING}
        for selector in match.group(1).split(",") if style else ():
            name = selector.strip()
            if name and not re.search(r"[:@*]", name):
                yield name, style
