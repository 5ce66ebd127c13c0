"""Reads a retrieval set in BEIR layout: corpus.jsonl, queries.jsonl, qrels.tsv."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class BeirQuery:
    """A question; ``scope`` is a document title inside which to rank, when the set asks for that.

    ``answers`` are the expected ones, in other words for the same thing; empty where the set tells none.
    """

    id: str
    text: str
    scope: str | None
    unanswerable: bool
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BeirSet:
    """Documents (``_id``, ``title``, ``text``), questions, and relevant document grades by question id."""

    name: str
    documents: Sequence[Mapping[str, str]]
    queries: Sequence[BeirQuery]
    relevant: Mapping[str, Mapping[str, int]]

    def answerable(self, limit: int | None = None) -> list[BeirQuery]:
        """The first ``limit`` questions that have an answer (all by default)."""
        kept = [query for query in self.queries if not query.unanswerable and query.id in self.relevant]
        return kept if limit is None else kept[:limit]


def read_beir(folder: Path) -> BeirSet:
    """The set in ``folder``.

    Raises:
        ConfigurationError: a file is missing or not in BEIR layout.
    """
    try:
        documents = _lines(folder / "corpus.jsonl")
        queries = [_query(entry) for entry in _lines(folder / "queries.jsonl")]
        relevant = _judgements(folder / "qrels.tsv")
    except (OSError, ValueError, KeyError) as error:
        raise ConfigurationError(
            f"{folder} is not a retrieval set in BEIR layout ({error}). It needs corpus.jsonl, queries.jsonl and qrels.tsv."
        ) from error
    return BeirSet(folder.name, documents, queries, relevant)


def _lines(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def _query(entry: Mapping[str, Any]) -> BeirQuery:
    text = str(entry.get("text_raw", entry["text"]))
    return BeirQuery(
        str(entry["_id"]), text, entry.get("scope"), bool(entry.get("unanswerable", False)), tuple(map(str, entry.get("answer", ())))
    )


def _judgements(path: Path) -> dict[str, dict[str, int]]:
    relevant: dict[str, dict[str, int]] = {}
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        query, document, grade = line.split("\t")
        if int(grade) > 0:
            relevant.setdefault(query, {})[document] = int(grade)
    return relevant
