"""Passages that a caller gives, instead of a knowledge base: cut into pieces that a reader can take in, numbered from 1."""

from collections.abc import Sequence
from dataclasses import dataclass

from kb.passage import Passage
from kb.scope import Scope
from kb.search import Hit
from kb.text.languages import detect_language
from kb.text.sentences import split_sentences
from kb.text.tokens import estimate_tokens
from rag.answer import Citation
from rag.verify.likely_language import likely_language

PIECE_TOKENS = 220
"""As long as a passage of a knowledge base; a reader takes in little more."""


@dataclass(frozen=True, slots=True)
class GivenPassage:
    """A text with the name and the title that its giver has for it, if any."""

    text: str
    id: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class NumberedHit:
    """A piece of the given passage ``number`` (from 1), as the verifier takes it."""

    number: int
    hit: Hit


def numbered_hits(passages: Sequence[GivenPassage]) -> list[NumberedHit]:
    """The pieces of all passages, in order. A piece's ``start`` and ``end`` count in its passage's text."""
    together = detect_language("\n".join(passage.text for passage in passages))
    return [NumberedHit(number, hit) for number, passage in enumerate(passages, 1) for hit in _pieces(passage, str(number), together)]


def _pieces(passage: GivenPassage, number: str, together: str) -> list[Hit]:
    """``together`` is the language of all passages as one text."""
    language = likely_language(passage.text, [together])
    name = passage.id or number
    found = []
    for start, end in _stretches(passage.text, language):
        text = passage.text[start:end]
        piece = Passage(name, name, text, start, end, "paragraph", (), None, language, Scope(), passage.title or "")
        found.append(Hit(piece, "", name, 0.0, 0.0, 0.0, 0.0))
    return found


def _stretches(text: str, language: str) -> list[tuple[int, int]]:
    """Whole sentences together up to `PIECE_TOKENS`; a sentence that is longer stays whole."""
    stretches: list[tuple[int, int]] = []
    tokens = 0
    for start, end in split_sentences(text, language):
        more = estimate_tokens(text[start:end])
        if stretches and tokens + more <= PIECE_TOKENS:
            stretches[-1] = (stretches[-1][0], end)
            tokens += more
        else:
            stretches.append((start, end))
            tokens = more
    return stretches


def cite_given(pieces: Sequence[NumberedHit], hit: Hit, quote: str) -> Citation:
    """The citation of ``quote`` in ``hit``, which is one of ``pieces``: numbered as given, without a document that could be opened."""
    number = next(piece.number for piece in pieces if piece.hit == hit)
    start = hit.passage.start + hit.passage.text.index(quote)
    return Citation(
        number=number,
        passage_id=hit.passage.id,
        document_id="",
        source="",
        document="",
        title=hit.passage.title,
        quote=quote,
        start=start,
        end=start + len(quote),
        page=None,
        public_url=None,
        language=hit.passage.language,
    )
