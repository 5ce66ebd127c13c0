"""What no document can settle: the customer's own account or order, the law, an accident that is happening.

A question is held against several hundred written example sentences, in the encoder's space and by the marks of
`rag.person_marks`; near misses ("how long does shipping take?") are examples too. With a kernel

    k(x, y) = exp(-|x - y|² / scale - 0.2 · number of marks that differ)

ridge regression gives each kind a score between about 0 and 1, and so the kind "none" (docs/decisions/0017-reasons.md).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias, get_args

import numpy as np

from kb.encoder import Encoder, FloatArray
from kb.text.sentences import split_sentences
from rag.kept_vectors import kept_vectors
from rag.person_marks import is_alarming, marks_of

PersonKind: TypeAlias = Literal["account", "law", "safety"]
KINDS: tuple[PersonKind, ...] = get_args(PersonKind)
EXAMPLES_FILE = Path(__file__).with_name("person_examples.json")
MARK_WEIGHT = 0.2
RIDGE = 0.1
NEEDED = 0.12
"""How far the best kind must be ahead of "none" (chosen on the tuning half of ``eval/person_needs.jsonl`` and of the shops)."""
LOOKED_AT = 4
"""Alarming sentences of a longer message that are looked at by themselves."""


@dataclass(frozen=True, slots=True)
class PersonNeed:
    """Why a person has to see this. ``lead`` is how far the kind is ahead of "none", about 0 to 1."""

    kind: PersonKind
    lead: float


@dataclass(frozen=True, slots=True)
class PersonExample:
    """An example sentence; ``kind`` is None for those that documents can settle."""

    text: str
    kind: PersonKind | None


class PersonNeedFinder:
    """Finds what needs a person. Safe for several threads once it is built."""

    def __init__(self, encoder: Encoder, cache: Path | None = None, examples: Sequence[PersonExample] | None = None) -> None:
        """Learn from ``examples`` (by default those shipped), which takes some seconds of encoding.

        Their vectors are kept in the folder ``cache``, and read from there the next time.
        """
        known = read_examples() if examples is None else examples
        self._encoder = encoder
        vectors = example_vectors(encoder, [example.text for example in known], cache)
        self._mean = vectors.mean(axis=0)
        self._vectors = vectors - self._mean
        self._scale = max(float(np.median(np.square(self._vectors).sum(axis=1))), 1e-6)
        self._marks = np.array([marks_of(example.text) for example in known])
        wanted = np.array([[example.kind == kind for kind in (*KINDS, None)] for example in known], np.float64)
        kernel = self._kernel(vectors, self._marks)
        self._weights = np.linalg.solve(kernel + RIDGE * np.eye(len(known)), wanted)

    def find(self, text: str, language: str) -> PersonNeed | None:
        """What in ``text``, the user's own words, needs a person; None when documents may settle it.

        The whole text decides, and about law and safety also each sentence with an alarming word. ``language`` (ISO 639-1)
        tells how it is cut into sentences.
        """
        return self.find_all([text], [language])[0]

    def find_all(self, texts: Sequence[str], languages: Sequence[str]) -> list[PersonNeed | None]:
        """`find` for many texts, encoded together."""
        if not texts:
            return []
        pieces = [[text, *_alarming(text, language)] for text, language in zip(texts, languages, strict=True)]
        leads = self._leads([piece for group in pieces for piece in group])
        found: list[PersonNeed | None] = []
        for group in pieces:
            ours, leads = leads[: len(group)], leads[len(group) :]
            ours[1:, KINDS.index("account")] = -1.0  # "I bought it last week" is an own affair only where nothing else is said
            column = int(ours.max(axis=0).argmax())
            lead = float(ours[:, column].max())
            found.append(PersonNeed(KINDS[column], lead) if lead > NEEDED else None)
        return found

    def _leads(self, texts: Sequence[str]) -> FloatArray:
        """How far each kind is ahead of "none" [texts, kinds]."""
        marks = np.array([marks_of(text) for text in texts])
        scores = self._kernel(self._encoder.encode_queries(texts), marks) @ self._weights
        return np.asarray(scores[:, :-1] - scores[:, -1:], np.float32)

    def _kernel(self, vectors: FloatArray, marks: FloatArray) -> FloatArray:
        """How near the texts with ``vectors`` and ``marks`` are to the examples: [texts, examples], 1 for the same."""
        distance = _squared_distances(vectors - self._mean, self._vectors) / self._scale
        return np.asarray(np.exp(-distance - MARK_WEIGHT * _squared_distances(marks, self._marks)))


def read_examples(path: Path = EXAMPLES_FILE) -> tuple[PersonExample, ...]:
    """The example sentences in ``path``: a JSON object of languages for each kind and for "none"."""
    kinds: dict[PersonKind | Literal["none"], dict[str, list[str]]] = json.loads(path.read_text(encoding="utf-8"))
    return tuple(
        PersonExample(text, None if kind == "none" else kind)
        for kind, by_language in kinds.items()
        for texts in by_language.values()
        for text in texts
    )


def _alarming(text: str, language: str) -> list[str]:
    spans = split_sentences(text, language)
    return [text[start:end] for start, end in spans if len(spans) > 1 and is_alarming(text[start:end])][:LOOKED_AT]


def _squared_distances(ours: FloatArray, theirs: FloatArray) -> FloatArray:
    squares = np.square(ours).sum(axis=1)[:, None] + np.square(theirs).sum(axis=1)[None]
    return np.asarray(np.maximum(squares - 2 * ours @ theirs.T, 0.0))


def example_vectors(encoder: Encoder, texts: Sequence[str], cache: Path | None) -> FloatArray:
    """The vectors [len(texts), dimension] of ``texts`` as questions, kept in the folder ``cache`` and read from there the next time."""
    folder = None if cache is None else cache / "person-examples"
    return kept_vectors(encoder, encoder.encode_queries, texts, folder)
