import sqlite3
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from kb.document import Block, Document, LineBox
from kb.errors import KnowledgeBaseError, VersionDamagedError
from kb.record import Record
from kb.record_writer import RecordWriter
from kb.scope import AUDIENCES, Scope
from tests.kb.builders import Contents, contents_of, cut, make_document, sample_contents

FULL_SCOPE = Scope(
    audience="internal",
    regions=("EU", "CH"),
    channels=("web",),
    products=("K-100",),
    effective_from=date(2026, 1, 1),
    effective_to=date(2026, 12, 31),
    supersedes=("old/returns.md",),
)
FULL_DOCUMENT = Document(
    source="店",
    path="faq/问题.csv",
    title="常见问题",
    media_type="text/csv",
    content_hash="ab" * 32,
    language="zh",
    scope=FULL_SCOPE,
    text="保修期多久？\n两年。",
    blocks=(
        Block("faq", 0, 10, ("保修", "时间"), 3, Scope(regions=("CN",)), "保修", "zh", "https://shop.example/保修"),
        Block("heading", 0, 6),
    ),
    lines=(LineBox(3, 0, 6, 0.1, 1 / 3, 100.0, 2e-7),),
    public_url=None,
    pages=None,
)


def write_record(folder: Path, contents: Contents) -> Record:
    with RecordWriter(folder / "passages.sqlite") as writer:
        for document in contents.documents:
            writer.add_document(document)
        for passage in contents.passages:
            writer.add_passage(passage)
    return Record(folder / "passages.sqlite")


def test_every_field_comes_back(tmp_path: Path) -> None:
    contents = contents_of([FULL_DOCUMENT, make_document("b.md", ["Text."])])
    record = write_record(tmp_path, contents)
    assert [record.document(document.id) for document in contents.documents] == contents.documents
    assert record.passages(range(len(contents.passages))) == contents.passages
    assert sorted(record.all_documents(), key=lambda document: document.path) == sorted(contents.documents, key=lambda d: d.path)
    record.close()


def test_passages_by_ordinal_id_and_document(tmp_path: Path) -> None:
    contents = sample_contents()
    record = write_record(tmp_path, contents)
    assert record.passages([3, 0, 3]) == [contents.passages[3], contents.passages[0], contents.passages[3]]
    assert record.passages(np.array([2], np.int32)) == [contents.passages[2]]
    assert record.passages([]) == []
    for ordinal, passage in enumerate(contents.passages):
        assert record.passage(passage.id) == passage
        assert record.ordinal(passage.id) == ordinal
    kettle = contents.documents[0]
    assert record.passages_of(kettle.id) == [p for p in contents.passages if p.document_id == kettle.id]
    record.close()


def test_what_is_not_there(tmp_path: Path) -> None:
    record = write_record(tmp_path, sample_contents())
    assert record.passage("0" * 24) is None
    assert record.ordinal("0" * 24) is None
    assert record.document("0" * 20) is None
    assert record.document_name("0" * 20) is None
    assert record.passages_of("0" * 20) == []
    with pytest.raises(IndexError, match="77"):
        record.passages([0, 77])
    record.close()


def test_many_ordinals_at_once(tmp_path: Path) -> None:
    contents = contents_of([make_document("long.md", [f"Sentence number {number}." for number in range(1200)])])
    record = write_record(tmp_path, contents)
    assert record.passages(range(1199, -1, -1)) == contents.passages[::-1]
    record.close()


def test_lists_show_what_the_audience_may_see(tmp_path: Path) -> None:
    mixed = make_document("mixed.md", ["For all.", "For agents.", "For agents too."])
    empty = make_document("empty.md", ["Nothing was cut from this."])
    other = make_document("a.md", ["Elsewhere."], source="another")
    secret = make_document("secret.md", ["Marked public by its row, in an internal document."], scope=Scope(audience="internal"))
    passages = [*cut(mixed, [Scope(), Scope(audience="internal"), Scope(audience="internal")]), *cut(other), *cut(secret, [Scope()])]
    record = write_record(tmp_path, Contents([secret, mixed, empty, other], passages, np.zeros((0, 0), np.float32)))
    shown = {audience: [(summary.path, summary.passages) for summary in record.summaries(audience, 0, 100)] for audience in AUDIENCES}
    assert shown == {"public": [("a.md", 1), ("mixed.md", 1)], "internal": [("a.md", 1), ("mixed.md", 3), ("secret.md", 1)]}
    assert (record.summary_count("public"), record.summary_count("internal")) == (2, 3)
    assert [summary.path for summary in record.summaries("internal", 0, 9, source="shop")] == ["mixed.md", "secret.md"]
    assert record.summary_count("public", "shop") == 1
    assert [summary.path for summary in record.summaries("internal", 1, 1)] == ["mixed.md"]
    assert record.titles("public") == {"mixed.md", "a.md"}
    assert record.titles("internal") == {"mixed.md", "a.md", "secret.md"}
    assert [document.path for document in record.all_documents("shop")] == ["empty.md", "mixed.md", "secret.md"]
    record.close()


def test_a_document_occurs_once(tmp_path: Path) -> None:
    document = make_document("a.md", ["One."])
    with pytest.raises(KnowledgeBaseError, match="two documents with the path 'a.md'"):
        write_record(tmp_path, Contents([document, document], [], np.zeros((0, 0), np.float32)))


def test_a_passage_occurs_once_and_belongs_to_a_document(tmp_path: Path) -> None:
    contents = sample_contents()
    with pytest.raises(KnowledgeBaseError, match="have the id"):
        write_record(tmp_path, Contents(contents.documents, [*contents.passages, contents.passages[0]], contents.vectors))
    (tmp_path / "other").mkdir()
    with pytest.raises(KnowledgeBaseError, match="not in this version"):
        write_record(tmp_path / "other", Contents(contents.documents[1:], contents.passages, contents.vectors))


def test_reading_leaves_nothing_beside_the_file_and_needs_no_write_access(tmp_path: Path) -> None:
    write_record(tmp_path, sample_contents()).close()
    (tmp_path / "passages.sqlite").chmod(0o400)
    record = Record(tmp_path / "passages.sqlite")
    record.summaries("public", 0, 10)
    assert [entry.name for entry in tmp_path.iterdir()] == ["passages.sqlite"]
    record.close()


def test_a_name_that_needs_quoting(tmp_path: Path) -> None:
    folder = tmp_path / "50% off?mode=rw#1"
    folder.mkdir()
    record = write_record(folder, sample_contents())
    assert record.summary_count("internal") == 3
    record.close()


@pytest.mark.parametrize("change", ["DELETE FROM passages WHERE ordinal = 1", "UPDATE passages SET ordinal = 99 WHERE ordinal = 4"])
def test_gaps_between_ordinals_are_damage(change: str, tmp_path: Path) -> None:
    write_record(tmp_path, sample_contents()).close()
    connection = sqlite3.connect(tmp_path / "passages.sqlite")
    connection.execute(change)
    connection.commit()
    connection.close()
    record = Record(tmp_path / "passages.sqlite")
    with pytest.raises(VersionDamagedError, match="not numbered"):
        record.scopes()
    record.close()


@pytest.mark.parametrize("content", [b"not a database" * 100, None])
def test_what_is_no_database_is_damage(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "passages.sqlite").write_bytes(content)
    with pytest.raises(VersionDamagedError, match=r"passages\.sqlite"):
        Record(tmp_path / "passages.sqlite")


def test_closed_record_says_so(tmp_path: Path) -> None:
    record = write_record(tmp_path, sample_contents())
    record.close()
    record.close()
    with pytest.raises(KnowledgeBaseError, match="closed"):
        record.passage("0")
