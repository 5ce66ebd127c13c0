"""Drafts to documents: who may see them, their title, their language."""

import re

from ingest.file_title import title_from_path
from ingest.metadata import Metadata
from ingest.parse.draft import Draft, DraftBlock
from kb.document import Block, Document
from kb.text.languages import detect_language

_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def assemble(source: str, path: str, draft: Draft, content_hash: str, outside: Metadata) -> Document:
    """The document that ``draft`` becomes. ``outside`` is what the folders' `_scope.yaml` say about its file.

    What the file itself says wins over ``outside``, also where it widens the audience: it was written for this text.
    An FAQ row wins over both. Raises ParseError if the merged days contradict each other.
    """
    metadata = draft.metadata.over(outside)
    language = metadata.language or detect_language(draft.text)
    return Document(
        source=source,
        path=path,
        title=metadata.title or draft.title or title_from_path(path, language),
        media_type=draft.media_type,
        content_hash=content_hash,
        language=language,
        scope=metadata.scope(),
        text=draft.text,
        blocks=tuple(_block(draft.text, block, metadata, language) for block in draft.blocks),
        lines=draft.lines,
        public_url=metadata.public_url,
        pages=draft.pages,
    )


def _block(text: str, block: DraftBlock, document: Metadata, language: str) -> Block:
    own = block.metadata or Metadata()
    return Block(
        kind=block.kind,
        start=block.start,
        end=block.end,
        heading_path=block.heading_path,
        page=block.page,
        scope=own.over(document).scope() if block.metadata is not None else None,
        title=own.title,
        language=own.language or (_row_language(text[block.start : block.end], language) if block.kind == "faq" else None),
        public_url=own.public_url,
    )


def _row_language(text: str, language: str) -> str | None:
    """The language of an FAQ pair in a table of several: only where its script differs from the document's language."""
    is_cjk = len(_CJK.findall(text)) > 0.2 * len(text)
    return detect_language(text) if is_cjk != (language in ("zh", "ja", "ko")) else None
