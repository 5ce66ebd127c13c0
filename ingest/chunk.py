"""Documents to passages: along headings, at sentence ends, never inside a table row or an FAQ pair."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from langchain_text_splitters import RecursiveCharacterTextSplitter

from kb.document import Block, BlockKind, Document
from kb.passage import Passage, passage_id
from kb.text.languages import detect_language
from kb.text.sentences import split_sentences
from kb.text.tokens import estimate_tokens

CHUNKER = "sections-1"
"""Names the rules below. Change it with them: passages made under another name are made anew."""

TARGET_TOKENS = 220  # a passage is closed before it grows past this
MOST_TOKENS = 320  # a block up to this long stays whole
SMALL_TOKENS = 40  # passages below this are joined to a neighbour where the rules allow
LONGEST_SENTENCE = 480  # only longer ones are cut inside; the encoder reads 512 tokens, title and headings included
TINY_SECTION = 20  # a section below this shares a passage with its siblings; longer ones are found better under their own heading
LABEL_TOKENS = 8  # bare headings below this, without a figure, say nothing by themselves ("Contents", a brand on the cover)
SHARED_DEPTH = 2  # sections down to this depth never share a passage
CUTS = ["\n", "；", ";", "，", ", ", "、", " ", ""]  # where a sentence that is too long may be cut, best first

_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SENTENCE_SPLITTER = RecursiveCharacterTextSplitter(
    separators=CUTS,
    chunk_size=TARGET_TOKENS,
    chunk_overlap=0,
    keep_separator="end",
    strip_whitespace=False,
    length_function=estimate_tokens,
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one block, or the whole of it. ``tokens`` is an estimate."""

    block: Block
    start: int
    end: int
    tokens: int


@dataclass(slots=True)
class Section:
    """What stands under one heading, without the sections below it. ``heading`` is ``None`` before the first heading."""

    path: tuple[str, ...]
    heading: Block | None
    pieces: list[Piece] = field(default_factory=list)
    parts: list["Section"] = field(default_factory=list)  # small sections that were taken in, their headings included


def chunk_document(document: Document) -> list[Passage]:
    """The passages of ``document``, in order. Each is one stretch of its text; together they hold all of it but headings.

    A heading is not repeated in the text of a passage below it, since `Passage.heading_path` carries it; a heading with
    nothing below it is a passage of its own if it says anything.
    """
    groups = [group for section in _join_small(_sections(document)) for group in _groups(section)]
    numbers: Counter[tuple[tuple[str, ...], str]] = Counter()
    passages = []
    for group in groups:
        passage = _passage(document, group, numbers)
        passages.append(passage)
    return passages


def chunk_documents(documents: Iterable[Document]) -> Iterator[list[Passage]]:
    """`chunk_document` for every document."""
    return map(chunk_document, documents)


def _sections(document: Document) -> list[Section]:
    """The document's blocks by heading. A heading that nothing follows becomes content, so that no text is lost."""
    sections: list[Section] = [Section((), None)]
    for block in document.blocks:
        if block.kind == "heading":
            sections.append(Section(block.heading_path, block))
        else:
            if block.heading_path != sections[-1].path:
                sections.append(Section(block.heading_path, None))
            sections[-1].pieces += _pieces(document, block)
    return _keep_bare_headings(document, sections)


def _keep_bare_headings(document: Document, sections: Sequence[Section]) -> list[Section]:
    """The sections with content; neighbouring headings with nothing below them (a cover page) together are one of them."""
    kept: list[Section] = []
    bare: Section | None = None
    for section, following in zip(sections, [*sections[1:], None], strict=True):
        has_child = (
            following is not None and len(following.path) > len(section.path) and following.path[: len(section.path)] == section.path
        )
        if section.pieces or section.heading is None or has_child:
            bare = None
            kept += [section] if section.pieces else []
        elif bare is not None:
            bare.pieces.append(_whole(document, section.heading))
        else:
            bare = Section(section.path[:-1], None, [_whole(document, section.heading)])
            kept.append(bare)
    return [section for section in kept if not _is_label(document, section)] or kept


def _is_label(document: Document, section: Section) -> bool:
    """Whether a section is nothing but a heading that answers no question."""
    if any(piece.block.kind != "heading" for piece in section.pieces):
        return False
    text = document.text[section.pieces[0].start : section.pieces[-1].end]
    return estimate_tokens(text) < LABEL_TOKENS and not any(character.isdigit() for character in text)


def _pieces(document: Document, block: Block) -> list[Piece]:
    """The block whole if it is short enough or must not be cut, else in stretches of whole sentences."""
    whole = _whole(document, block)
    if whole.tokens <= MOST_TOKENS or block.kind == "faq":
        return [whole]
    if block.kind == "table_row" and whole.tokens <= LONGEST_SENTENCE:
        return [whole]
    text = document.text[block.start : block.end]
    spans = [part for span in split_sentences(text, block.language or document.language) for part in _cut_sentence(text, *span)]
    return [Piece(block, block.start + start, block.start + end, tokens) for start, end, tokens in _pack(text, spans)]


def _whole(document: Document, block: Block) -> Piece:
    return Piece(block, block.start, block.end, estimate_tokens(document.text[block.start : block.end]))


def _cut_sentence(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentence, or its parts if the encoder could not read it whole."""
    if estimate_tokens(text[start:end]) <= LONGEST_SENTENCE:
        yield start, end
        return
    for part in _SENTENCE_SPLITTER.split_text(text[start:end]):
        stripped = part.strip()
        if stripped:
            lead = len(part) - len(part.lstrip())
            yield start + lead, start + lead + len(stripped)
        start += len(part)


def _pack(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Neighbouring sentences joined up to the target, in stretches of about equal length: ``(start, end, tokens)``."""
    tokens = [max(1, estimate_tokens(text[start:end])) for start, end in spans]
    stretches = max(1, -(-sum(tokens) // TARGET_TOKENS))
    share = sum(tokens) / stretches
    packed: list[tuple[int, int, int]] = []
    for (start, end), count in zip(spans, tokens, strict=True):
        if packed and packed[-1][2] + count / 2 <= share and packed[-1][2] + count <= MOST_TOKENS:
            packed[-1] = (packed[-1][0], end, packed[-1][2] + count)
        else:
            packed.append((start, end, count))
    return packed


def _join_small(sections: Sequence[Section]) -> list[Section]:
    """Takes small sections below the shared depth into the one before them under the same parent, with their headings."""
    joined: list[Section] = []
    for section in sections:
        if joined and _may_join(joined[-1], section):
            joined[-1].parts.append(section)
        else:
            joined.append(section)
    return joined


def _may_join(first: Section, section: Section) -> bool:
    if section.heading is None or len(section.path) <= SHARED_DEPTH or _tokens(section) >= TINY_SECTION:
        return False
    parent = section.path[:-1]
    siblings = first.path == parent or (first.path[:-1] == parent and first.heading is not None and len(first.path) == len(section.path))
    plain = all(piece.block.kind != "faq" and piece.block.scope is None for piece in (*section.pieces, *first.pieces))
    return siblings and plain and _tokens(first) + _tokens(section) <= TARGET_TOKENS


def _tokens(section: Section) -> int:
    own = sum(piece.tokens for piece in section.pieces)
    return own + sum(_tokens(part) + SMALL_TOKENS // 4 for part in section.parts)


@dataclass(slots=True)
class _Group:
    """The pieces that make one passage, and the headings it stands under."""

    path: tuple[str, ...]
    pieces: list[Piece]
    start: int

    @property
    def tokens(self) -> int:
        return sum(piece.tokens for piece in self.pieces)


def _groups(section: Section) -> Iterator[_Group]:
    """The passages of one section. One that took others in is a single passage, under the parent's headings where needed."""
    if section.parts:
        yield _joined_group(section)
        return
    groups: list[_Group] = []
    for piece in section.pieces:
        if groups and _fits(groups[-1], piece):
            groups[-1].pieces.append(piece)
        else:
            groups.append(_Group(section.path, [piece], piece.start))
    if len(groups) > 1 and _is_remainder(groups[-1], groups[-2]):
        groups[-2].pieces += groups.pop().pieces
    yield from groups


def _joined_group(section: Section) -> _Group:
    parts = section.parts
    pieces = [*section.pieces, *(piece for part in parts for piece in part.pieces)]
    if parts[0].path[:-1] == section.path:
        return _Group(section.path, pieces, section.pieces[0].start)
    start = section.heading.start if section.heading is not None else section.pieces[0].start
    return _Group(section.path[:-1], pieces, start)


def _fits(group: _Group, piece: Piece) -> bool:
    last = group.pieces[-1].block
    alone = "faq" in (last.kind, piece.block.kind) or (last.scope, last.title, last.language) != (
        piece.block.scope,
        piece.block.title,
        piece.block.language,
    )
    if alone or (last is piece.block):
        return False
    total = group.tokens + piece.tokens
    if _is_rows(last.kind) != _is_rows(piece.block.kind):
        return total <= MOST_TOKENS and (group.tokens < SMALL_TOKENS and not _is_rows(last.kind))  # a line that introduces a table
    return total <= TARGET_TOKENS or (total <= MOST_TOKENS and min(group.tokens, piece.tokens) < SMALL_TOKENS)


def _is_remainder(last: _Group, before: _Group) -> bool:
    """Whether the last passage of a section is too small to stand alone and fits the one before."""
    one, other = before.pieces[-1].block, last.pieces[0].block
    alike = (
        (one.scope, one.title) == (other.scope, other.title)
        and "faq" not in (one.kind, other.kind)
        and _is_rows(one.kind) == _is_rows(other.kind)
    )
    return alike and last.tokens < SMALL_TOKENS and before.tokens + last.tokens <= MOST_TOKENS


def _is_rows(kind: BlockKind) -> bool:
    return kind in ("table_row", "code")


def _passage(document: Document, group: _Group, numbers: Counter[tuple[tuple[str, ...], str]]) -> Passage:
    block = group.pieces[0].block
    end = group.pieces[-1].end
    text = document.text[group.start : end]
    number = numbers[group.path, text]
    numbers[group.path, text] += 1
    return Passage(
        id=passage_id(document.id, group.path, text, number),
        document_id=document.id,
        text=text,
        start=group.start,
        end=end,
        kind=_kind(group.pieces),
        heading_path=group.path,
        page=block.page,
        language=block.language or passage_language(text, document.language),
        scope=block.scope or document.scope,
        title=block.title or document.title,
        public_url=block.public_url or document.public_url,
    )


def passage_language(text: str, document_language: str) -> str:
    """The document's language, unless the passage is written in another script: a Chinese page in an English manual."""
    share = len(_CJK.findall(text)) / max(1, len(text))
    is_cjk, expects_cjk = share > 0.15, document_language in ("zh", "ja", "ko")
    if is_cjk == expects_cjk and document_language != "und":
        return document_language
    if not is_cjk and share > 0.02:
        return document_language  # too mixed to tell
    return detect_language(text)


def _kind(pieces: Sequence[Piece]) -> BlockKind:
    kinds = [piece.block.kind for piece in pieces]
    for kind in ("faq", "table_row"):
        if kind in kinds:
            return kind
    return kinds[0] if len(set(kinds)) == 1 else "paragraph"
