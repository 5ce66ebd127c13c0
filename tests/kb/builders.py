"""Hand-made documents, passages and vectors for the tests of the knowledge base."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kb.document import Block, Document, LineBox
from kb.encoder import FloatArray
from kb.manifest import ManifestFields
from kb.passage import Passage, passage_id
from kb.scope import Scope
from kb.store import VersionStore

DIMENSION = 16


@dataclass(frozen=True)
class Contents:
    documents: list[Document]
    passages: list[Passage]
    vectors: FloatArray


def make_document(path: str, texts: Sequence[str], source: str = "shop", scope: Scope | None = None, title: str = "") -> Document:
    text = "\n\n".join(texts)
    blocks, start = [], 0
    for part in texts:
        blocks.append(Block("paragraph", start, start + len(part), ("Care", "Kettle"), page=1))
        start += len(part) + 2
    return Document(
        source=source,
        path=path,
        title=title or path,
        media_type="text/markdown",
        content_hash=hashlib.sha256(text.encode()).hexdigest(),
        language="en",
        scope=scope or Scope(),
        text=text,
        blocks=tuple(blocks),
        lines=(LineBox(1, 0, len(texts[0]), 72.0, 700.5, 300.25, 712.0),),
        public_url=f"https://shop.example/{path}",
        pages=1,
    )


def cut(document: Document, scopes: Sequence[Scope] = ()) -> list[Passage]:
    """One passage per block, with the document's scope or the one of its position in ``scopes``."""
    return [
        Passage(
            id=passage_id(document.id, block.heading_path, document.text[block.start : block.end], number),
            document_id=document.id,
            text=document.text[block.start : block.end],
            start=block.start,
            end=block.end,
            kind=block.kind,
            heading_path=block.heading_path,
            page=block.page,
            language=document.language,
            scope=scopes[number] if scopes else document.scope,
            title=document.title,
            public_url=document.public_url,
        )
        for number, block in enumerate(document.blocks)
    ]


def unit_vectors(rows: int, dimension: int = DIMENSION, seed: int = 0) -> FloatArray:
    vectors = np.random.default_rng(seed).standard_normal((rows, dimension)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def contents_of(documents: Sequence[Document], seed: int = 0) -> Contents:
    passages = [passage for document in documents for passage in cut(document)]
    return Contents(list(documents), passages, unit_vectors(len(passages), seed=seed))


def sample_contents(number: int = 0) -> Contents:
    """Three documents, one of them internal; ``number`` makes the words differ."""
    return contents_of(
        [
            make_document("kettle.md", [f"Kettle {number} boils water.", "Descale it monthly with vinegar.", "Do not immerse it."]),
            make_document("returns.md", [f"Returns are free within {number + 14} days."], scope=Scope(regions=("EU",))),
            make_document("agents.md", ["Offer a voucher of 10 euros."], scope=Scope(audience="internal")),
        ],
        seed=number,
    )


FIELDS = ManifestFields(encoder_id="test-encoder", chunker="test-1", who="tester", why="a test")


def publish(store: VersionStore, contents: Contents) -> str:
    with store.writer() as writer:
        staged = writer.stage()
        staged.write(contents.documents, contents.passages, contents.vectors)
        writer.seal(staged, FIELDS)
        return writer.publish(staged)


def publish_sample(data: Path, number: int = 0) -> str:
    """Publishes `sample_contents` into the data folder. Importable by a child process."""
    return publish(VersionStore(data), sample_contents(number))
