"""HTML pages: the article without its navigation, with headings, lists, tables and `<meta name="citedesk:KEY">`."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.metadata import Metadata, read_metadata
from ingest.parse.draft import Draft, DraftBuilder, FileInput, Parsed
from ingest.parse.encoding import decode
from ingest.parse.hidden_html import drop_hidden, hidden_note
from ingest.parse.limits import Limits
from ingest.parse.table import row_texts
from ingest.parse.wrap import unwrap
from kb.errors import ParseError

MEDIA_TYPE = "text/html"
META_PREFIX = "citedesk:"
DROPPED = frozenset(
    "script style noscript template nav footer button input select textarea iframe object embed svg canvas video audio "
    "dialog head title".split()
)
DROPPED_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "complementary", "dialog"})
BLOCKS = frozenset(
    "html body main article section div p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table pre blockquote figure figcaption address details "
    "summary hr".split()
)
NESTED = ("ul", "ol", "table", "pre", "dl")  # what may stand inside a list item as a block of its own
DEEPEST = 400  # nested elements; real pages stay under 40, and a recursive walk must stop before the interpreter does
MOST_OPEN_TAGS = 5000  # careless pages leave hundreds of tags open
UNCLOSED = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li dt dd option tr td th thead tbody tfoot colgroup".split()
)
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9]*)")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none", re.I)
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z0-9_-]+)""", re.I)


def parse_html(file: FileInput, limits: Limits) -> Parsed:
    """One draft. Raises ParseError if the page holds no text, or metadata that cannot be read."""
    text = decode_page(file.content)
    _check_nesting(text)
    tree = LexborHTMLParser(text)
    hidden = hidden_note(drop_hidden(tree))
    builder = DraftBuilder()
    title = tree.css_first("title")
    root = _content_root(tree)
    if root is not None:
        add_html(builder, root)
    if not builder.blocks:
        raise ParseError("the page holds no text outside its navigation")
    derived = builder.first_heading or (unwrap(title.text()) if title is not None else None)
    notes = (hidden,) if hidden is not None else ()
    return Parsed((Draft(builder.text, builder.blocks, MEDIA_TYPE, read_meta(tree), derived, notes=notes),))


def _check_nesting(text: str) -> None:
    """Raises ParseError for tags nested so deep that the HTML parser itself would take minutes over them."""
    depth = 0
    for match in _TAG.finditer(text):
        if match.group("name").lower() not in UNCLOSED:
            depth = max(0, depth - 1) if match.group("close") else depth + 1
            if depth > MOST_OPEN_TAGS:
                raise ParseError(f"the page nests its elements more than {MOST_OPEN_TAGS} deep")


def decode_page(content: bytes) -> str:
    """The page's text: by the charset it declares if that is right, else as any text file."""
    declared = _CHARSET.search(content[:4096])
    if declared is not None and not content.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        try:
            return decode(content.decode(declared.group(1).decode("ascii")).encode("utf-8", "surrogatepass"))
        except (LookupError, UnicodeDecodeError):
            return decode(content)
    return decode(content)


def read_meta(tree: LexborHTMLParser) -> Metadata:
    """What the page's `citedesk:` meta elements say. `<html lang>` is not asked: templates set it and authors forget it."""
    values = {}
    for node in tree.css("meta[name]"):
        name = (node.attributes.get("name") or "").strip().casefold()
        if name.startswith(META_PREFIX):
            values[name.removeprefix(META_PREFIX)] = node.attributes.get("content") or ""
    return read_metadata(values, "the page's meta elements", foreign_keys=False)


def add_html(builder: DraftBuilder, root: LexborNode) -> None:
    """Adds the blocks under ``root`` to ``builder``. Raises ParseError if elements are nested too deep."""
    _add_children(builder, root, 0)


def _content_root(tree: LexborHTMLParser) -> LexborNode | None:
    mains = tree.css("main") or tree.css("[role=main]")
    if len(mains) == 1:
        return mains[0]
    articles = tree.css("article")
    return articles[0] if len(articles) == 1 else tree.body


def _add_children(builder: DraftBuilder, node: LexborNode, depth: int) -> None:
    """Walks ``node``'s children; runs of inline content between block elements become paragraphs."""
    if depth > DEEPEST:
        raise ParseError(f"the page nests its elements more than {DEEPEST} deep")
    inline: list[str] = []
    for child in _children(node):
        if _is_dropped(child):
            continue
        if child.tag in BLOCKS or _holds_blocks(child):
            builder.block("paragraph", unwrap_breaks("".join(inline)))
            inline.clear()
            _add_element(builder, child, depth + 1)
        else:
            inline.append(_inline_text(child, depth + 1))
    builder.block("paragraph", unwrap_breaks("".join(inline)))


def _add_element(builder: DraftBuilder, node: LexborNode, depth: int) -> None:
    tag = node.tag or ""
    if re.fullmatch("h[1-6]", tag):
        builder.heading(int(tag[1]), _inline_text(node, depth))
    elif tag in ("ul", "ol"):
        _add_list(builder, node, depth)
    elif tag == "table":
        _add_table(builder, node, depth)
    elif tag == "dl":
        _add_definitions(builder, node, depth)
    elif tag == "pre":
        builder.block("code", node.text())
    else:
        _add_children(builder, node, depth)


def _add_list(builder: DraftBuilder, node: LexborNode, depth: int) -> None:
    number = _start_number(node)
    for item in _children(node):
        if item.tag != "li":
            if item.tag in BLOCKS and not _is_dropped(item):
                _add_element(builder, item, depth + 1)
            continue
        if _is_dropped(item):
            continue
        _add_item(builder, item, f"{number}. " if node.tag == "ol" else "", depth + 1)
        number += 1


def _add_item(builder: DraftBuilder, item: LexborNode, marker: str, depth: int) -> None:
    """An item's own text as one block, then its nested lists and tables."""
    if depth > DEEPEST:
        raise ParseError(f"the page nests its elements more than {DEEPEST} deep")
    nested = [child for child in _children(item) if child.tag in NESTED and not _is_dropped(child)]
    own = [child for child in _children(item) if child.tag not in NESTED and not _is_dropped(child)]
    text = unwrap("".join(f" {_inline_text(child, depth)} " if child.tag in BLOCKS else _inline_text(child, depth) for child in own))
    if text:
        builder.block("list_item", marker + text)
    for child in nested:
        _add_element(builder, child, depth + 1)


def _add_definitions(builder: DraftBuilder, node: LexborNode, depth: int) -> None:
    """Terms with their definitions, each as ``term: definition``."""
    term = ""
    for child in _children(node):
        if child.tag == "dt":
            term = unwrap(_inline_text(child, depth))
        elif child.tag == "dd":
            text = unwrap(_inline_text(child, depth))
            builder.block("table_row", f"{term.rstrip(':：')}: {text}" if term else text)
        elif child.tag in BLOCKS and not _is_dropped(child):
            _add_definitions(builder, child, depth + 1)


def _add_table(builder: DraftBuilder, node: LexborNode, depth: int) -> None:
    """A table's rows; one that only lays out the page (nested tables or headings inside) is walked like a division."""
    if node.css_first("table table, h1, h2, h3, ul table") is not None:
        for cell in node.css("td, th"):
            if cell.css_first("table") is None:
                _add_children(builder, cell, depth + 1)
        return
    caption = node.css_first("caption")
    if caption is not None:
        builder.block("paragraph", unwrap(_inline_text(caption, depth)))
    rows = [row for row in node.css("tr") if not _is_dropped(row)]
    cells = [[cell for cell in _children(row) if cell.tag in ("td", "th")] for row in rows]
    header = bool(cells) and bool(cells[0]) and all(cell.tag == "th" for cell in cells[0]) or node.css_first("thead") is not None
    texts = _spread_spans(cells, depth)
    for text in row_texts(texts, header if header else None):
        builder.block("table_row", text)


def _spread_spans(rows: list[list[LexborNode]], depth: int) -> list[list[str]]:
    """The cells' texts as a grid, a cell that spans rows repeated in each of them."""
    grid: list[list[str]] = []
    hanging: dict[int, tuple[int, str]] = {}
    for row in rows:
        texts: list[str] = []
        cells = iter(row)
        cell = next(cells, None)
        while cell is not None or len(texts) in hanging:
            column = len(texts)
            if column in hanging:
                left, text = hanging.pop(column)
                texts.append(text)
                if left > 1:
                    hanging[column] = (left - 1, text)
                continue
            assert cell is not None
            text = unwrap(_inline_text(cell, depth))
            height, width = _span(cell, "rowspan"), _span(cell, "colspan")
            for offset in range(width):
                texts.append(text if offset == 0 else "")
                if height > 1:
                    hanging[column + offset] = (height - 1, text if offset == 0 else "")
            cell = next(cells, None)
        grid.append(texts)
    return grid


def _span(cell: LexborNode, name: str) -> int:
    value = cell.attributes.get(name) or "1"
    return min(int(value), 50) if value.isascii() and value.isdigit() and int(value) else 1


def _inline_text(node: LexborNode, depth: int) -> str:
    """The text inside ``node``, a line break for every `<br>`, the alternative text of pictures."""
    if depth > DEEPEST:
        raise ParseError(f"the page nests its elements more than {DEEPEST} deep")
    if node.tag == "-text":
        return re.sub(r"\s+", " ", node.text())
    if node.tag == "br":
        return "\n"
    if node.tag == "img":
        return node.attributes.get("alt") or ""
    if _is_dropped(node):
        return ""
    texts = ((child.tag in BLOCKS, _inline_text(child, depth + 1)) for child in _children(node))
    return "".join(f" {text} " if is_block else text for is_block, text in texts)


def unwrap_breaks(text: str) -> str:
    """``text`` with single spaces; only the line breaks that the author asked for (`<br>`) stay."""
    return "\n".join(line for part in text.split("\n") if (line := " ".join(part.split())))


def _children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.first_child
    while child is not None:
        yield child
        child = child.next


def _holds_blocks(node: LexborNode) -> bool:
    """Whether an inline element (a link, a custom element) wraps block elements."""
    return node.tag != "-text" and any(child.tag in BLOCKS or _holds_blocks_below(child) for child in _children(node))


def _holds_blocks_below(node: LexborNode) -> bool:
    return node.tag not in ("-text", "-comment") and any(child.tag in BLOCKS for child in _children(node))


def _is_dropped(node: LexborNode) -> bool:
    if node.tag == "-text":
        return False
    if node.tag in DROPPED or node.tag == "-comment" or node.tag == "-doctype":
        return True
    if node.tag == "header" and node.css_first("h1") is None:  # a site's banner; an article's own header holds its title
        return True
    attributes = node.attributes
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or (attributes.get("role") or "") in DROPPED_ROLES
        or bool(_HIDDEN_STYLE.search(attributes.get("style") or ""))
    )


def _start_number(node: LexborNode) -> int:
    start = node.attributes.get("start") or "1"
    return int(start) if start.isascii() and start.isdigit() and len(start) < 6 else 1
