"""Markdown: headings, paragraphs, lists with their numbers, tables with their headers, code."""

from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from selectolax.lexbor import LexborHTMLParser

from ingest.parse.draft import Draft, DraftBuilder, FileInput, Parsed
from ingest.parse.encoding import decode
from ingest.parse.front_matter import split_front_matter
from ingest.parse.html import add_html
from ingest.parse.limits import Limits
from ingest.parse.table import row_texts
from ingest.parse.wrap import unwrap
from kb.errors import ParseError

MEDIA_TYPE = "text/markdown"
DEEPEST_NESTING = 40  # block quotes in lists in block quotes; markdown-it stops there


def parse_markdown(file: FileInput, limits: Limits) -> Parsed:
    """One draft. Raises ParseError if the file holds no text, or front matter that cannot be read."""
    metadata, body = split_front_matter(decode(file.content))
    parser = MarkdownIt("commonmark", {"maxNesting": DEEPEST_NESTING}).enable(["table", "strikethrough"])
    builder = DraftBuilder()
    _add_nodes(builder, SyntaxTreeNode(parser.parse(body)).children)
    if not builder.blocks:
        raise ParseError("the file holds no text")
    return Parsed((Draft(builder.text, builder.blocks, MEDIA_TYPE, metadata, builder.first_heading),))


def _add_nodes(builder: DraftBuilder, nodes: Sequence[SyntaxTreeNode]) -> None:
    for node in nodes:
        _add_node(builder, node)


def _add_node(builder: DraftBuilder, node: SyntaxTreeNode) -> None:
    match node.type:
        case "heading":
            builder.heading(int(node.tag[1]), _text(node))
        case "paragraph":
            builder.block("paragraph", _text(node))
        case "bullet_list" | "ordered_list":
            _add_list(builder, node)
        case "table":
            _add_table(builder, node)
        case "fence" | "code_block":
            builder.block("code", node.content)
        case "html_block":
            _add_html_block(builder, node.content)
        case "hr":
            pass
        case _:
            _add_nodes(builder, node.children)


def _add_list(builder: DraftBuilder, node: SyntaxTreeNode) -> None:
    """Items as blocks of their own, numbered as the author numbered them; what is nested in an item follows it."""
    number = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
    for item in node.children:
        marker = "" if number is None else f"{number}. "
        for child in item.children:
            if child.type == "paragraph":
                builder.block("list_item", marker + _text(child))
                marker = ""
            else:
                _add_node(builder, child)
        number = None if number is None else number + 1


def _add_table(builder: DraftBuilder, node: SyntaxTreeNode) -> None:
    rows = [[unwrap(_text(cell)) for cell in row.children] for part in node.children for row in part.children]
    for text in row_texts(rows, has_header=any(rows[0])):
        builder.block("table_row", text)


def _add_html_block(builder: DraftBuilder, source: str) -> None:
    body = LexborHTMLParser(source).body
    if body is not None:
        add_html(builder, body)


def _text(node: SyntaxTreeNode) -> str:
    """The plain text of a block's inline content, wrapped lines joined, hard breaks kept."""
    tokens = [
        token for inline in node.children if inline.type == "inline" for token in (inline.token.children if inline.token else None) or ()
    ]
    raw = "".join(_token_text(token) for token in tokens)
    return "\n".join(line for part in raw.split("\v") if (line := unwrap(part)))


def _token_text(token: Token) -> str:
    match token.type:
        case "text" | "code_inline" | "text_special":
            return token.content
        case "softbreak":
            return "\n"
        case "hardbreak":
            return "\v"
        case "image":
            return token.content
        case "html_inline":
            return "\v" if token.content.lower().startswith("<br") else ""
        case _:
            return ""
