"""Writes a version's record: its documents and passages, as one SQLite file that nobody else looks at until it is done."""

import json
import sqlite3
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Self

from kb.codec import pack_blocks, pack_lines, pack_text, scope_to_json
from kb.database import SCHEMA, database_errors
from kb.document import Document
from kb.errors import KnowledgeBaseError, VersionDamagedError
from kb.files import disk_errors, fsync_file
from kb.passage import Passage
from kb.scope import AUDIENCES, Audience, Scope, visible_to


class RecordWriter:
    """Writes the new database at ``path``; as a context manager it is complete on the disk when the block ends well.

    SQLite keeps no journal here: a half-written record lies in a staging folder that is swept, so there is nothing to
    roll back to. Documents come before their passages. ``sources`` counts the documents of each source, ``visible`` lists
    the ordinals of the passages that each audience may see.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.sources: Counter[str] = Counter()
        self.visible: dict[Audience, list[int]] = {audience: [] for audience in AUDIENCES}
        self.passages = 0
        self._documents: dict[str, tuple[int, Audience]] = {}
        self._counts: Counter[tuple[int, Audience]] = Counter()
        self._scopes: dict[Scope, int] = {}

    def __enter__(self) -> Self:
        with database_errors(self.path):
            self._connection = sqlite3.connect(self.path, isolation_level=None)
            try:
                self._connection.executescript(f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN; {SCHEMA}")
            except BaseException:
                self._connection.close()
                raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        try:
            if error is None:
                self._finish()
        finally:
            self._connection.close()
        if error is None:
            with disk_errors(self.path):
                fsync_file(self.path)

    def add_document(self, document: Document) -> None:
        """Adds ``document``. Raises KnowledgeBaseError if its source and path are taken."""
        if document.id in self._documents:
            raise KnowledgeBaseError(f"Source {document.source!r} holds two documents with the path {document.path!r}. Rename one of them.")
        number = len(self._documents) + 1
        self._insert("documents", {
            "number": number,
            "id": document.id,
            "source": document.source,
            "path": document.path,
            "title": document.title,
            "media_type": document.media_type,
            "content_hash": document.content_hash,
            "language": document.language,
            "scope": self._scope(document.scope),
            "public_url": document.public_url,
            "pages": document.pages,
            "text": pack_text(document.text),
            "blocks": pack_blocks(document.blocks),
            "lines": pack_lines(document.lines),
        })
        self._documents[document.id] = (number, document.scope.audience)
        self.sources[document.source] += 1

    def add_passage(self, passage: Passage) -> None:
        """Adds ``passage`` under the next ordinal. Raises KnowledgeBaseError if its document is unknown or its id taken."""
        if passage.document_id not in self._documents:
            raise KnowledgeBaseError(f"Passage {passage.id} belongs to document {passage.document_id}, which is not in this version.")
        number, document_audience = self._documents[passage.document_id]
        try:
            self._insert("passages", {
                "ordinal": self.passages,
                "id": passage.id,
                "document": number,
                "scope": self._scope(passage.scope),
                "text": passage.text,
                "start": passage.start,
                "end": passage.end,
                "kind": passage.kind,
                "heading_path": json.dumps(passage.heading_path, ensure_ascii=False),
                "page": passage.page,
                "language": passage.language,
                "title": passage.title,
                "public_url": passage.public_url,
            })
        except sqlite3.IntegrityError as error:
            raise KnowledgeBaseError(f"Two passages of document {passage.document_id} have the id {passage.id}.") from error
        self._note_visible(number, document_audience, passage.scope.audience)
        self.passages += 1

    def _note_visible(self, document: int, document_audience: Audience, passage_audience: Audience) -> None:
        for reader in AUDIENCES:
            if visible_to(document_audience, reader) and visible_to(passage_audience, reader):
                self.visible[reader].append(self.passages)
                self._counts[document, reader] += 1

    def _scope(self, scope: Scope) -> int:
        number = self._scopes.get(scope)
        if number is None:
            number = self._scopes[scope] = len(self._scopes)
            self._insert("scopes", {"number": number, "body": scope_to_json(scope)})
        return number

    def _insert(self, table: str, values: dict[str, object]) -> None:
        columns = ", ".join(f'"{column}"' for column in values)
        marks = ", ".join("?" for _ in values)
        try:
            self._connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", tuple(values.values()))
        except sqlite3.IntegrityError:
            raise
        except sqlite3.Error:
            with database_errors(self.path):
                raise

    def _finish(self) -> None:
        with database_errors(self.path):
            for (document, reader), count in self._counts.items():
                self._connection.execute(f"UPDATE documents SET {reader}_passages = ? WHERE number = ?", (count, document))
            self._connection.execute("COMMIT")
            answer = self._connection.execute("PRAGMA quick_check").fetchone()[0]
        if answer != "ok":
            raise VersionDamagedError(f"{self.path} was written wrongly ({answer}). Check the disk and run the command again.")
