"""An answer's text in the asked citation style, sentence by sentence, and where each marker stands in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rag.answer import Answer, AnswerSentence
from server.scope_fields import CitationStyle

Source = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Mark:
    """A citation's occurrence: code points ``[start, end)`` of the content. Empty when the style shows no markers."""

    number: int
    start: int
    end: int


def render_sentence(sentence: AnswerSentence, style: CitationStyle) -> str:
    """What one sentence adds to the content."""
    return f"{sentence.separator}{sentence.text}" if style == "none" else sentence.rendered


def render_footer(sources: Iterable[Source], style: CitationStyle) -> str:
    """The list of sources below the text, for clients that show nothing else; empty in the other styles."""
    rows = [f"[{source['number']}] [{_link_text(source)}]({_link_target(source)})" for source in sources]
    return "\n\n" + "  \n".join(rows) if rows and style == "markers+footer" else ""


def render_content(answer: Answer, sources: Iterable[Source], style: CitationStyle) -> str:
    """The whole content: the same text as the pieces of a stream one after the other."""
    return "".join(render_sentence(sentence, style) for sentence in answer.sentences) + render_footer(sources, style)


def marks(answer: Answer, style: CitationStyle) -> list[Mark]:
    """Every occurrence of a citation in the content, in order."""
    found: list[Mark] = []
    position = 0
    for sentence in answer.sentences:
        length = len(render_sentence(sentence, style))
        widths = [0 if style == "none" else len(f"[{number}]") for number in sentence.citations]
        start = position + length - sum(widths)  # the markers end the sentence
        for number, width in zip(sentence.citations, widths, strict=True):
            found.append(Mark(number, start, start + width))
            start += width
        position += length
    return found


def _link_target(source: Source) -> str:
    """The URL without what would end a Markdown link early."""
    return str(source["url"]).replace(" ", "%20").replace("(", "%28").replace(")", "%29")


_PLAIN = str.maketrans({"[": "(", "]": ")", "<": "‹", ">": "›", "`": "'", "\\": "/", "!": "！"})
"""A title is a document's own words: in the list of sources it may be neither Markdown nor HTML, whatever a client makes of these."""


def _link_text(source: Source) -> str:
    page = f", p. {source['page']}" if source["page"] is not None else ""
    title = " ".join("".join(character for character in str(source["title"]) if character.isprintable() or character.isspace()).split())
    return f"{title}{page}".translate(_PLAIN)
