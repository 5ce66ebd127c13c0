"""Measures one search and the ingest against sentence-transformers and a raw FAISS index, in the same run.

``citedesk eval speed``: medians and ratios; a ratio of 1.15 means 15 % slower than the bare libraries.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import faiss
import numpy as np
from sentence_transformers import SentenceTransformer

from ingest.options import IngestOptions
from ingest.run import ingest
from ingest.source import SourceSpec
from kb.document import Document, document_id
from kb.encoder import Encoder, FloatArray
from kb.manifest import ManifestFields
from kb.passage import Passage, passage_id
from kb.scope import SearchScope
from kb.store import VersionStore
from kb.version import Version

BATCH = 32
WARM_UP = 5
NOISE = 0.3
"""How far the copies' vectors are moved, as a share of their length, so that no two are equal."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """Medians in seconds of ours and of the baseline over the same items, taken in turn."""

    name: str
    ours: float
    baseline: float

    @property
    def ratio(self) -> float:
        """Ours divided by the baseline."""
        return self.ours / self.baseline

    def to_json(self) -> dict[str, object]:
        """Seconds and ratio."""
        return {"name": self.name, "ours_s": round(self.ours, 5), "baseline_s": round(self.baseline, 5), "ratio": round(self.ratio, 3)}


def compare(name: str, ours: Callable[[str], object], baseline: Callable[[str], object], texts: Sequence[str]) -> Ratio:
    """Call both with each text in turn, so that a noisy moment strikes both, and take the medians."""
    for text in texts[:WARM_UP]:
        ours(text)
        baseline(text)
    timed = [(_seconds(ours, text), _seconds(baseline, text)) for text in texts]
    return Ratio(name, statistics.median(t for t, _ in timed), statistics.median(t for _, t in timed))


def plain_search(model: SentenceTransformer, version: Version, k: int) -> Callable[[str], object]:
    """The bare minimum that finds the ``k`` nearest passages: the library's `encode`, and a raw flat index of all vectors."""
    dimension = version.vectors.shape[1]
    index = faiss.IndexFlatIP(dimension)
    index.add(np.ascontiguousarray(version.vectors))

    def search(text: str) -> object:
        vector = model.encode([text], prompt_name="query", normalize_embeddings=True, show_progress_bar=False)
        padded = np.zeros((1, dimension), np.float32)  # the index may hold a companion's part beside the model's own
        padded[:, : vector.shape[1]] = vector
        return index.search(padded, k)

    return search


def ingest_ratio(source: Path, data: Path, encoder: Encoder, model: SentenceTransformer) -> Ratio:
    """Seconds a passage of a whole ingest of ``source`` into the new folder ``data``, against `encode` of the same passages."""
    store = VersionStore(data)
    started = time.perf_counter()
    ingest(store, encoder, [SourceSpec(source.name, source)], IngestOptions())
    ours = time.perf_counter() - started
    version = store.open_current()
    texts = [passage.encoded_text for passage in version.passages(range(len(version.vectors)))]
    version.close()
    started = time.perf_counter()
    model.encode(texts, prompt_name="passage", batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False)
    baseline = time.perf_counter() - started
    return Ratio(f"ingest of {len(texts)} passages, a passage", ours / len(texts), baseline / len(texts))


def enlarge(version: Version, data: Path, passages: int) -> None:
    """Publish into ``data`` a version with ``passages`` passages: those of ``version``, and copies with moved vectors."""
    originals = version.passages(range(len(version.vectors)))
    copies = [_copy(originals[row % len(originals)], row) for row in range(passages)]
    with VersionStore(data).writer() as writer:
        staged = writer.stage()
        staged.write(_documents(version, copies), copies, _moved(version.vectors, passages))
        fields = ManifestFields(version.manifest.encoder_id, version.manifest.chunker, who="eval", why="speed at a larger size")
        writer.seal(staged, fields)
        writer.publish(staged)


def questions_of(version: Version, count: int, scope: SearchScope) -> list[str]:
    """Short texts to search for: the first words of evenly taken passages."""
    ordinals = np.flatnonzero(version.admission.mask(scope))
    chosen = ordinals[np.linspace(0, len(ordinals) - 1, count).astype(int)]
    return [" ".join(passage.text.split()[:12])[:80] for passage in version.passages(chosen.tolist())]


def _seconds(call: Callable[[str], object], text: str) -> float:
    started = time.perf_counter()
    call(text)
    return time.perf_counter() - started


def _copy(passage: Passage, row: int) -> Passage:
    owner = document_id("speed", f"{row // 20}.txt")
    return replace(passage, id=passage_id(owner, passage.heading_path, passage.text, row), document_id=owner)


def _documents(version: Version, copies: Sequence[Passage]) -> list[Document]:
    template = next(version.all_documents())
    return [replace(template, source="speed", path=f"{number}.txt", lines=()) for number in range(-(-len(copies) // 20))]


def _moved(vectors: FloatArray, count: int) -> FloatArray:
    rows = np.arange(count) % len(vectors)
    noise = np.random.default_rng(0).standard_normal((count, vectors.shape[1])).astype(np.float32)
    moved = vectors[rows] + NOISE * noise / np.linalg.norm(noise, axis=1, keepdims=True)
    result: FloatArray = (moved / np.linalg.norm(moved, axis=1, keepdims=True)).astype(np.float32)
    return result
