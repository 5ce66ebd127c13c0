"""Markdown: headings, paragraphs, lists with their numbers, tables with their headers, code."""

from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from selectolax.lexbor import LexborHTMLParser

from ingest.parse.draft import Draft, DraftBuilder, FileInput, Parsed
from ingest.parse.encoding import decode
from ingest.parse.front_matter import split_front_matter
from ingest.parse.hidden_html import drop_hidden, hidden_note
from ingest.parse.hidden_markdown import HiddenSpans
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
    hidden = HiddenSpans()
    _add_nodes(builder, SyntaxTreeNode(parser.parse(body)).children, hidden)
    if not builder.blocks:
        raise ParseError("the file holds no text")
    note = hidden_note(hidden.counts)
    notes = (note,) if note is not None else ()
    return Parsed((Draft(builder.text, builder.blocks, MEDIA_TYPE, metadata, builder.first_heading, notes=notes),))


def _add_nodes(builder: DraftBuilder, nodes: Sequence[SyntaxTreeNode], hidden: HiddenSpans) -> None:
    for node in nodes:
        _add_node(builder, node, hidden)


def _add_node(builder: DraftBuilder, node: SyntaxTreeNode, hidden: HiddenSpans) -> None:
    match node.type:
        case "heading":
            builder.heading(int(node.tag[1]), _text(node, hidden))
        case "paragraph":
            builder.block("paragraph", _text(node, hidden))
        case "bullet_list" | "ordered_list":
            _add_list(builder, node, hidden)
        case "table":
            _add_table(builder, node, hidden)
        case "fence" | "code_block":
            builder.block("code", node.content if hidden.passes(node.content) else "")
        case "html_block":
            _add_html_block(builder, node.content, hidden)
        case "hr":
            pass
        case _:
            _add_nodes(builder, node.children, hidden)


def _add_list(builder: DraftBuilder, node: SyntaxTreeNode, hidden: HiddenSpans) -> None:
    """Items as blocks of their own, numbered as the author numbered them; what is nested in an item follows it."""
    number = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
    for item in node.children:
        marker = "" if number is None else f"{number}. "
        for child in item.children:
            if child.type == "paragraph":
                text = _text(child, hidden)
                builder.block("list_item", text and marker + text)
                marker = ""
            else:
                _add_node(builder, child, hidden)
        number = None if number is None else number + 1


def _add_table(builder: DraftBuilder, node: SyntaxTreeNode, hidden: HiddenSpans) -> None:
    rows = [[unwrap(_text(cell, hidden)) for cell in row.children] for part in node.children for row in part.children]
    for text in row_texts(rows, has_header=any(rows[0])):
        builder.block("table_row", text)


def _add_html_block(builder: DraftBuilder, source: str, hidden: HiddenSpans) -> None:
    tree = LexborHTMLParser(source)
    if hidden.passes(tree.body.text() if tree.body is not None else ""):
        hidden.counts += drop_hidden(tree)
        if tree.body is not None:
            add_html(builder, tree.body)
    hidden.read(source)


def _text(node: SyntaxTreeNode, hidden: HiddenSpans) -> str:
    """The plain text of a block's inline content, wrapped lines joined, hard breaks kept, what a reader does not see left out."""
    tokens = [
        token for inline in node.children if inline.type == "inline" for token in (inline.token.children if inline.token else None) or ()
    ]
    raw = "".join(_token_text(token, hidden) for token in tokens)
    return "\n".join(line for part in raw.split("\v") if (line := unwrap(part)))


def _token_text(token: Token, hidden: HiddenSpans) -> str:
    match token.type:
        case "text" | "code_inline" | "text_special" | "image":
            return token.content if hidden.passes(token.content) else ""
        case "softbreak":
            return "\n"
        case "hardbreak":
            return "\v"
        case "html_inline" if token.content.startswith("<!--"):
            hidden.comment(token.content)
            return ""
        case "html_inline":
            hidden.read(token.content)
            return "\v" if token.content.lower().startswith("<br") else ""
        case _:
            return ""
