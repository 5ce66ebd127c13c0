"""Plain text: headings, paragraphs between empty lines, bullets and numbered steps as list items."""

import re

from ingest.parse.draft import Draft, DraftBuilder, FileInput, Parsed
from ingest.parse.encoding import decode
from ingest.parse.front_matter import split_front_matter
from ingest.parse.limits import Limits
from ingest.parse.text_heading import split_heading, split_title
from ingest.parse.wrap import separator

MEDIA_TYPE = "text/plain"
BULLET = re.compile(
    r"\s*(?:[-*+•‣▪■□◆●○–—·➢➤✓]\s+|(?P<number>\(?\d{1,3}[.)](?:\s+|(?=[^\d\s]))|\d{1,3}、|\(?[a-z][.)]\s+|[①-⑳]\s*"
    r"|(?:Step|Schritt|Paso|Étape) \d{1,2}\s*[:.]|第[一二三四五六七八九十\d]+步[：:、]?)\s*(?=\S))"
)
_ENDS_SENTENCE = re.compile(r"[。！？]$")
"""Chinese lines that end so are whole: joined, the codes of a list ("E1：…", "E3：…") would stand in one paragraph."""
HEADING_LEVEL = 2  # that of sections: the first rank is a title's
MOST_WRAPPED = 100  # characters; editors that wrap text do so before this column


def parse_text(file: FileInput, limits: Limits) -> Parsed:
    """One draft. Raises ParseError if the file is empty or no text."""
    metadata, body = split_front_matter(decode(file.content))
    builder = DraftBuilder()
    title, body = split_title(body)
    if title is not None:
        builder.heading(1, title)
    add_paragraphs(builder, body)
    return Parsed((Draft(builder.text, builder.blocks, MEDIA_TYPE, metadata, title),))


def add_paragraphs(builder: DraftBuilder, text: str) -> None:
    """Adds ``text``'s paragraphs. Lines of wrapped text are joined; lines of a list and of unwrapped text stay apart."""
    for paragraph in re.split(r"\n[ \t]*\n", text):
        heading, lines = split_heading([line for line in paragraph.split("\n") if line.strip()])
        if heading is not None:
            builder.heading(HEADING_LEVEL, heading)
        for line in _join_wrapped(lines):
            bullet = BULLET.match(line)
            if bullet is None:
                builder.block("paragraph", line)
            else:
                builder.block("list_item", line if bullet.group("number") else line[bullet.end() :])


def _join_wrapped(lines: list[str]) -> list[str]:
    """Wrapped lines joined to one: where a line without a full stop at its end is about as long as the longest of its paragraph."""
    longest = max((len(line) for line in lines), default=0)
    joined: list[str] = []
    previous = ""
    for line in lines:
        words = " ".join(line.split())
        wrapped = longest <= MOST_WRAPPED and len(previous) > 0.6 * longest and len(previous) > 30
        if joined and wrapped and not _ENDS_SENTENCE.search(joined[-1]) and not BULLET.match(line):
            joined[-1] += separator(joined[-1], words) + words
        else:
            joined.append(words)
        previous = line
    return joined
