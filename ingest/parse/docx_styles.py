"""Styles of a Word file: which of them are headings, lists, contents or hidden, whatever language they are named in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ingest.parse.docx_numbering import W, value

TITLE_LEVEL = 0
BODY_LEVEL = 9  # Word's outline level of text that is no heading
DEEPEST_BASE = 20  # styles based on styles; a ring of them must end
_HEADING = re.compile(
    r"(?:heading|überschrift|titre|título|titulo|titolo|kop|rubrik|overskrift|otsikko|nagłówek|заголовок|标题|標題|見出し|제목)"
    r" ?([1-9])",
    re.I,
)
_TITLE = re.compile(r"title|titel|titre|título|titolo|标题|標題|表題|제목", re.I)
_CONTENTS = re.compile(r"(?:toc|contents|verzeichnis|tm|tdc|sommario|inhopg|目录|目錄) ?(?:[1-9]|heading)|table of figures", re.I)


@dataclass(frozen=True, slots=True)
class Style:
    """What a paragraph style says, its ancestors included. ``level`` is 0 for the title, 1 and more for headings."""

    level: int | None = None
    number: str | None = None
    list_level: int | None = None
    list_style: str = ""
    is_contents: bool = False
    is_hidden: bool = False
    is_bold: bool = False
    has_header_row: bool = False


class StyleSheet:
    """The styles by their ids."""

    def __init__(self, root: Any | None) -> None:  # noqa: ANN401 an element of lxml, which ships no types
        self._items = {} if root is None else {str(item.get(W + "styleId")): item for item in root.iterchildren(W + "style")}
        self._default = next((key for key, item in self._items.items() if _is_default_paragraph(item)), "")
        self._known: dict[str, Style] = {}

    def style(self, name: str | None) -> Style:
        """The style with the id ``name``; the default paragraph style if it is ``None``."""
        key = self._default if name is None else name
        if key not in self._known:
            self._known[key] = self._read(key)
        return self._known[key]

    def heading_level(self, paragraph: Any) -> int | None:  # noqa: ANN401
        """The rank of ``paragraph`` as a heading: its own outline level if it has one, else its style's."""
        properties = paragraph.find(W + "pPr")
        if properties is None:
            return self.style(None).level
        style = self.style(value(properties, "pStyle")).level
        own = _outline(properties)
        if own is None or style == TITLE_LEVEL:
            return style
        return own + 1 if own < BODY_LEVEL else None

    def _read(self, key: str) -> Style:
        chain = list(self._chain(key))
        names = [" ".join((value(item, "name") or "").split()) for item in chain]
        paragraph = [found for item in chain if (found := item.find(W + "pPr")) is not None]
        run = [found for item in chain if (found := item.find(W + "rPr")) is not None]
        number, list_level, list_style = _numbering(chain)
        return Style(
            _level(names, paragraph),
            number,
            list_level,
            list_style,
            bool(names) and _CONTENTS.fullmatch(names[0]) is not None,
            _first_switch(run, "vanish"),
            _first_switch(run, "b"),
            any(part.get(W + "type") == "firstRow" for item in chain for part in item.iterchildren(W + "tblStylePr")),
        )

    def _chain(self, key: str) -> Iterator[Any]:
        """The style and those that it is based on, nearest first."""
        for _ in range(DEEPEST_BASE):
            item = self._items.get(key)
            if item is None:
                return
            yield item
            key = value(item, "basedOn") or ""


def is_on(properties: Any, name: str) -> bool | None:  # noqa: ANN401
    """Whether the switch ``name`` is on; ``None`` if ``properties`` do not say."""
    child = properties.find(W + name)
    return None if child is None else child.get(W + "val", "1") not in ("0", "false", "off")


def _level(names: list[str], properties: list[Any]) -> int | None:
    """The nearest that says: a style's outline level, or its name."""
    outlines = [outline for item in properties if (outline := _outline(item)) is not None]
    if names and _TITLE.fullmatch(names[0]):
        return TITLE_LEVEL
    if outlines:
        return outlines[0] + 1 if outlines[0] < BODY_LEVEL else None
    matches = (_HEADING.fullmatch(name) for name in names)
    return next((int(match.group(1)) for match in matches if match is not None), None)


def _outline(properties: Any) -> int | None:  # noqa: ANN401
    text = value(properties, "outlineLvl")
    return int(text) if text is not None and re.fullmatch("[0-9]", text) else None


def _numbering(chain: list[Any]) -> tuple[str | None, int | None, str]:
    """List, level and the id of the style that says so."""
    for item in chain:
        found = item.find(f"{W}pPr/{W}numPr")
        if found is not None and (number := value(found, "numId")) is not None:
            level = value(found, "ilvl")
            return number, int(level) if level is not None and level.isdigit() else None, str(item.get(W + "styleId"))
    return None, None, ""


def _first_switch(properties: list[Any], name: str) -> bool:
    return next((found for item in properties if (found := is_on(item, name)) is not None), False)


def _is_default_paragraph(item: Any) -> bool:  # noqa: ANN401
    return item.get(W + "type") == "paragraph" and item.get(W + "default") in ("1", "true", "on")
