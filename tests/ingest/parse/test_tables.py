import io
import zipfile
from datetime import date

import pytest

from ingest.metadata import Metadata
from ingest.parse.draft import FileInput
from ingest.parse.limits import Limits
from ingest.parse.table import row_texts
from ingest.parse.xlsx import parse_xlsx
from kb.errors import ParseError
from tests.ingest.builders import block_texts, parse, parse_one, workbook


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["Code", "Meaning", "Do"], ["E1", "hot", ""]], ["Code: E1 | Meaning: hot"]),
        ([["", "Small", "Large"], ["Weight", "1 kg", "2 kg"]], ["Weight | Small: 1 kg | Large: 2 kg"]),
        ([["Battery", "3200 mAh"], ["Weight:", "1 kg"]], ["Battery: 3200 mAh", "Weight: 1 kg"]),
        ([["Property", "Value"], ["Weight", "1 kg"]], ["Weight: 1 kg"]),
        ([["参数", "数值"], ["重量", "1 千克"]], ["重量: 1 千克"]),
        ([["1", "2", "3"], ["4", "5", "6"]], ["1 | 2 | 3", "4 | 5 | 6"]),
        ([["a | b", "", "c\nd"]], ["a / b: c d"]),
        ([], []),
    ],
)
def test_rows_can_be_read_alone(rows: list[list[str]], expected: list[str]) -> None:
    assert row_texts(rows) == expected


def test_an_faq_table_gives_one_block_for_each_pair() -> None:
    draft = parse_one(
        "faq.csv", 'Question;Answer;regions;audience\n"How long?";"30 days.\nNo fee.";DE;\nWho?;Staff;;internal\n;orphan;;\nAlone?;;;\n'
    )
    assert block_texts(draft) == [("faq", "How long?\n30 days.\nNo fee."), ("faq", "Who?\nStaff")]
    assert [block.metadata for block in draft.blocks] == [Metadata(regions=("DE",)), Metadata(audience="internal")]
    assert draft.notes == ("row 4 has no question", "row 5 has no answer")


def test_a_bad_audience_in_one_row_fails_the_table() -> None:
    with pytest.raises(ParseError, match="row 3: the audience 'stuff'"):
        parse("faq.csv", "question,answer,audience\na,b,public\nc,d,stuff\n")


def test_other_tables_become_rows_with_headers() -> None:
    draft = parse_one("codes.csv", "sku,price\nA-1,12.50\nA-2,9\n")
    assert block_texts(draft) == [("table_row", "sku: A-1 | price: 12.50"), ("table_row", "sku: A-2 | price: 9")]


def test_a_table_with_an_open_quote_is_refused() -> None:
    with pytest.raises(ParseError, match="malformed"):
        parse("a.csv", 'question,answer\n"open,x\n')


def test_every_visible_worksheet_is_read() -> None:
    content = workbook(
        {
            "退货": [["问题", "答案", "effective_from"], ["多久？", "三十天。", date(2026, 1, 1)]],
            "Codes": [["Code", "Meaning", "Number"], ["E1", "hot", 3.0]],
            "Drafts": [["question", "answer"], ["secret?", "yes"]],
        },
        hidden=["Drafts"],
    )
    draft = parse_one("faq.xlsx", content)
    assert block_texts(draft) == [
        ("heading", "退货"),
        ("faq", "多久？\n三十天。"),
        ("heading", "Codes"),
        ("table_row", "Code: E1 | Meaning: hot | Number: 3"),
    ]
    assert draft.blocks[1].metadata == Metadata(effective_from=date(2026, 1, 1))
    assert draft.notes == ("1 hidden worksheets were left out",)


def test_a_workbook_under_another_name_is_read_with_a_note() -> None:
    draft = parse_one("faq.csv", workbook({"S": [["question", "answer"], ["a", "b"]]}))
    assert "holds XLSX" in draft.notes[0] and draft.text == "a\nb"


def _with_entry(content: bytes, name: str, data: bytes) -> bytes:
    buffer = io.BytesIO(content)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return buffer.getvalue()


SHEET = workbook({"S": [["question", "answer"], ["a", "b"]]})


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (_with_entry(SHEET, "bomb.xml", bytes(3 << 20)), "inflates more than"),
        (_with_entry(SHEET, "../evil.xml", b"x"), "points outside"),
        (_with_entry(SHEET, "inner.zip", b"x"), "another archive"),
        (SHEET[: len(SHEET) // 2], "damaged"),
        (b"PK\x03\x04" + bytes(100), "damaged"),
    ],
)
def test_bombs_and_damaged_workbooks_are_refused(content: bytes, reason: str) -> None:
    with pytest.raises(ParseError, match=reason):
        parse("a.xlsx", content)


def test_too_many_entries_and_too_much_content() -> None:
    with pytest.raises(ParseError, match="entries"):
        parse_xlsx(FileInput("a.xlsx", SHEET), Limits(zip_entries=3))
    with pytest.raises(ParseError, match="unpacks to more"):
        parse_xlsx(FileInput("a.xlsx", SHEET), Limits(zip_inflated=1000))


def test_jsonl_documents_and_their_spans() -> None:
    lines = ['{"_id": "a/1", "title": "One", "text": "First.\\nSecond.", "regions": ["FR"]}', '{"_id": 2, "text": "Two"}']
    content = ("\ufeff" + "\n\n".join(lines) + "\r\n").encode()
    drafts = parse("c.jsonl", content).drafts
    assert [(draft.path, draft.metadata.title) for draft in drafts] == [("a/1", "One"), ("2", None)]
    assert block_texts(drafts[0]) == [("paragraph", "First."), ("paragraph", "Second.")]
    assert drafts[0].metadata.regions == ("FR",)
    assert [content[slice(*draft.span)].decode() for draft in drafts if draft.span] == lines


def test_bad_jsonl_lines_are_refused_one_by_one() -> None:
    lines = [
        '{"_id": "a", "text": "x"}',
        "not json",
        "[1]",
        '{"text": "y"}',
        '{"_id": "b"}',
        '{"_id": "a", "text": "z"}',
        '{"_id": "c", "text": "x", "audience": "all"}',
    ]
    parsed = parse("c.jsonl", "\n".join(lines))
    assert [draft.path for draft in parsed.drafts] == ["a"]
    assert [refusal.path for refusal in parsed.refusals] == ["c.jsonl:2", "c.jsonl:3", "c.jsonl:4", "b", "a", "c"]
    assert "repeats the _id" in parsed.refusals[4].reason


def test_jsonl_faq_pairs() -> None:
    draft = parse_one("f.jsonl", '{"question": "a?", "answer": "b", "channels": ["web", "app"]}\n{"question": "c?", "answer": "d"}\n')
    assert block_texts(draft) == [("faq", "a?\nb"), ("faq", "c?\nd")]
    assert draft.blocks[0].metadata == Metadata(channels=("web", "app"))
