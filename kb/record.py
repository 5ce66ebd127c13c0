"""Reads a version's record: documents and passages from ``passages.sqlite``, which never changes while it is open."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kb.codec import scope_from_json, unpack_blocks, unpack_lines, unpack_text
from kb.database import database_errors
from kb.document import BlockKind, Document
from kb.document_summary import DocumentName, DocumentSummary
from kb.errors import KnowledgeBaseError, VersionDamagedError
from kb.passage import Passage
from kb.scope import Audience, Scope, visible_to
from kb.scoped_document import ScopedDocument
from kb.version_outline import DocumentOutline, PassageOutline, VersionOutline

Row: TypeAlias = tuple[Any, ...]

PASSAGE_QUERY = """
SELECT p.ordinal, p.id, d.id, p.text, p.start, p."end", p.kind, p.heading_path, p.page, p.language, p.scope, p.title, p.public_url
FROM passages AS p JOIN documents AS d ON d.number = p.document
"""
DOCUMENT_QUERY = """
SELECT source, path, title, media_type, content_hash, language, scope, text, blocks, lines, public_url, pages FROM documents
"""
ORDINALS_AT_ONCE = 500  # SQLite takes 32,766 variables; a steady number of them keeps its prepared statements few
VISIBLE_PASSAGES: dict[Audience, str] = {"public": "public_passages", "internal": "internal_passages"}


@dataclass(frozen=True, slots=True)
class RecordScopes:
    """What admission is built from: ``passage_documents`` and ``passage_scopes`` [passages] point into the first two."""

    documents: Sequence[ScopedDocument]
    scopes: Sequence[Scope]
    passage_documents: NDArray[np.int32]
    passage_scopes: NDArray[np.int32]


class Record:
    """The record at ``path``, opened read-only. Safe for several threads: queries take turns, decoding does not.

    Raises VersionDamagedError when the file is no record.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = Lock()
        self._closed = False
        with database_errors(path):
            # immutable: SQLite takes no lock and looks for no journal, so a read-only disk will do
            self._connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        self._scopes = [scope_from_json(body) for (body,) in self._rows("SELECT body FROM scopes ORDER BY number")]

    def scopes(self) -> RecordScopes:
        """The scopes of all documents and passages. Raises VersionDamagedError if ordinals or ids are not unique and whole."""
        documents = [ScopedDocument(source, path, self._scopes[scope]) for source, path, scope in self._rows(
            "SELECT source, path, scope FROM documents ORDER BY number"
        )]
        rows = np.array(self._rows("SELECT ordinal, document, scope FROM passages"), dtype=np.int32).reshape(-1, 3)
        rows = rows[np.argsort(rows[:, 0])]
        self._check_passages(rows[:, 0])
        return RecordScopes(documents, self._scopes, rows[:, 1] - 1, rows[:, 2])

    def outline(self) -> VersionOutline:
        """All documents and passages without their texts: two queries."""
        numbers: dict[int, str] = {}
        documents: dict[str, DocumentOutline] = {}
        for number, document_id, source, path, title, media_type, content_hash, language, scope, url in self._rows(
            "SELECT number, id, source, path, title, media_type, content_hash, language, scope, public_url FROM documents ORDER BY number"
        ):
            numbers[number] = document_id
            documents[document_id] = DocumentOutline(
                document_id, source, path, title, media_type, content_hash, language, self._scopes[scope], url
            )
        passages: dict[str, list[PassageOutline]] = {document_id: [] for document_id in documents}
        for ordinal, passage_id, number, scope, title, language, url in self._rows(
            "SELECT ordinal, id, document, scope, title, language, public_url FROM passages ORDER BY ordinal"
        ):
            passages[numbers[number]].append(PassageOutline(ordinal, passage_id, self._scopes[scope], title, language, url))
        return VersionOutline(documents, {document_id: tuple(found) for document_id, found in passages.items()})

    def passages(self, ordinals: Iterable[int]) -> list[Passage]:
        """The passages at ``ordinals``, in that order. Raises IndexError for an ordinal that is not in the version."""
        wanted = [int(ordinal) for ordinal in ordinals]
        found: dict[int, Passage] = {}
        for start in range(0, len(wanted), ORDINALS_AT_ONCE):
            part = wanted[start : start + ORDINALS_AT_ONCE]
            rows = self._rows(f"{PASSAGE_QUERY} WHERE p.ordinal IN ({','.join('?' * len(part))})", part)
            found.update((row[0], self._passage(row)) for row in rows)
        missing = [ordinal for ordinal in wanted if ordinal not in found]
        if missing:
            raise IndexError(f"no passage has the ordinal {missing[0]}")
        return [found[ordinal] for ordinal in wanted]

    def passage(self, passage_id: str) -> Passage | None:
        """The passage with ``passage_id``, or None."""
        rows = self._rows(f"{PASSAGE_QUERY} WHERE p.id = ?", (passage_id,))
        return self._passage(rows[0]) if rows else None

    def ordinal(self, passage_id: str) -> int | None:
        """The ordinal of the passage with ``passage_id``, or None."""
        rows = self._rows("SELECT ordinal FROM passages WHERE id = ?", (passage_id,))
        return int(rows[0][0]) if rows else None

    def passages_of(self, document_id: str) -> list[Passage]:
        """The passages of one document, by ordinal. Empty for an unknown document."""
        return [self._passage(row) for row in self._rows(f"{PASSAGE_QUERY} WHERE d.id = ? ORDER BY p.ordinal", (document_id,))]

    def document(self, document_id: str) -> Document | None:
        """The document with ``document_id``, or None."""
        rows = self._rows(f"{DOCUMENT_QUERY} WHERE id = ?", (document_id,))
        return self._document(rows[0]) if rows else None

    def document_name(self, document_id: str) -> DocumentName | None:
        """Source and path of the document with ``document_id``, or None."""
        rows = self._rows("SELECT source, path FROM documents WHERE id = ?", (document_id,))
        return DocumentName(*rows[0]) if rows else None

    def content_hashes(self) -> set[str]:
        """The content hashes of all documents."""
        return {content_hash for (content_hash,) in self._rows("SELECT DISTINCT content_hash FROM documents")}

    def integrity_problem(self) -> str | None:
        """What ``PRAGMA integrity_check`` complains of first, or None. Reads the whole file."""
        answer = str(self._rows("PRAGMA integrity_check(1)")[0][0])
        return None if answer == "ok" else answer

    def titles(self, audience: Audience) -> frozenset[str]:
        """The titles of all passages that ``audience`` may see. Reads the whole record."""
        rows = self._rows("SELECT DISTINCT p.title, p.scope, d.scope FROM passages AS p JOIN documents AS d ON d.number = p.document")
        return frozenset(title for title, *scopes in rows if all(visible_to(self._scopes[scope].audience, audience) for scope in scopes))

    def languages(self) -> NDArray[np.str_]:
        """The language of each passage [passages], by ordinal."""
        return np.array([language for (language,) in self._rows("SELECT language FROM passages ORDER BY ordinal")], dtype=np.str_)

    def ordinals_of_kind(self, kind: BlockKind) -> list[int]:
        """The ordinals of the passages of ``kind``, ascending."""
        return [ordinal for (ordinal,) in self._rows("SELECT ordinal FROM passages WHERE kind = ? ORDER BY ordinal", (kind,))]

    def all_documents(self, source: str | None = None) -> Iterator[Document]:
        """Every document (of one source), one at a time in the order of their paths, with or without passages."""
        where, values = _source_condition(source)
        ids = self._rows(f"SELECT id FROM documents WHERE {where} ORDER BY source, path", values)
        for (document_id,) in ids:
            yield from (self._document(row) for row in self._rows(f"{DOCUMENT_QUERY} WHERE id = ?", (document_id,)))

    def summaries(self, audience: Audience, offset: int, limit: int, source: str | None = None) -> list[DocumentSummary]:
        """The documents of which ``audience`` may see a passage, by source and path."""
        where, values = _source_condition(source)
        count = VISIBLE_PASSAGES[audience]
        rows = self._rows(
            f"SELECT id, source, path, title, language, media_type, content_hash, {count}, scope, public_url, pages FROM documents "
            f"WHERE {where} AND {count} > 0 ORDER BY source, path LIMIT ? OFFSET ?",
            (*values, limit, offset),
        )
        return [self._summary(row) for row in rows]

    def summary_count(self, audience: Audience, source: str | None = None) -> int:
        """How many documents `summaries` lists in all."""
        where, values = _source_condition(source)
        return int(self._rows(f"SELECT COUNT(*) FROM documents WHERE {where} AND {VISIBLE_PASSAGES[audience]} > 0", values)[0][0])

    def close(self) -> None:
        """Closes the file. Reading afterwards raises KnowledgeBaseError."""
        with self._lock:
            self._closed = True
            self._connection.close()

    def _check_passages(self, ordinals: NDArray[np.int32]) -> None:
        if not np.array_equal(ordinals, np.arange(len(ordinals))):
            raise VersionDamagedError(f"{self.path}: the passages are not numbered from 0 without gaps.")
        if self._rows("SELECT COUNT(DISTINCT id) FROM passages")[0][0] != len(ordinals):
            raise VersionDamagedError(f"{self.path}: two passages have the same id.")

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[Row]:
        with self._lock, database_errors(self.path):
            if self._closed:
                raise KnowledgeBaseError(f"The version at {self.path.parent} was closed while it was still read.")
            return self._connection.execute(query, values).fetchall()

    def _passage(self, row: Row) -> Passage:
        _, passage_id, document_id, text, start, end, kind, headings, page, language, scope, title, url = row
        path = tuple(json.loads(headings))
        return Passage(passage_id, document_id, text, start, end, kind, path, page, language, self._scopes[scope], title, url)

    def _summary(self, row: Row) -> DocumentSummary:
        document_id, source, path, title, language, media_type, content_hash, passages, scope, url, pages = row
        return DocumentSummary(
            document_id, source, path, title, language, media_type, content_hash, passages, self._scopes[scope], url, pages
        )

    def _document(self, row: Row) -> Document:
        source, path, title, media_type, content_hash, language, scope, text, blocks, lines, url, pages = row
        return Document(
            source=source,
            path=path,
            title=title,
            media_type=media_type,
            content_hash=content_hash,
            language=language,
            scope=self._scopes[scope],
            text=unpack_text(text),
            blocks=unpack_blocks(blocks),
            lines=unpack_lines(lines),
            public_url=url,
            pages=pages,
        )


def _source_condition(source: str | None) -> tuple[str, tuple[str, ...]]:
    return ("1", ()) if source is None else ("source = ?", (source,))
