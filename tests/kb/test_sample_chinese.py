"""The Chinese part of the sample shop: the workbook is reproducible, and every quoted sentence stands in its document."""

import json
from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from openpyxl import load_workbook
from selectolax.lexbor import LexborHTMLParser

from kb.sample.generator import faq_zh

ROOT = Path(__file__).resolve().parents[2]
SHOP = ROOT / "kb" / "sample" / "brightnook"
WORKBOOK = SHOP / "faq" / "faq-zh.xlsx"
PLANTED = ROOT / "kb" / "sample" / "planted.json"
GOLDEN = ROOT / "eval" / "golden" / "chinese.jsonl"

SCOPE_KEYS = {
    "title", "language", "public_url", "audience", "regions", "channels", "products", "effective_from", "effective_to", "supersedes",
}  # fmt: skip
GOLDEN_KEYS = {
    "id", "language", "question", "answerable", "kind", "audience", "region", "as_of", "documents", "quote", "must", "must_not",
}  # fmt: skip
CHINA_ONLY = {"退换货政策.md", "配送政策.md", "配送政策-2025.md", "双十一大促售后说明.md"}
EVERYWHERE = {"保修政策.md", "会员积分.md", "发票与支付.html"}
MODELS = {"BN-RV310", "BN-RV320", "BN-EM500", "BN-AF60", "BN-HB20", "BN-SP7", "BN-AP40", "BN-HT12", "BN-WC5"}


def front_matter(text: str) -> dict[str, Any]:
    """The keys between the first two ``---`` lines of a Markdown text."""
    opening, header, _ = text.split("---\n", 2)
    assert opening == ""
    keys = yaml.safe_load(header)
    assert isinstance(keys, dict)
    return keys


def html_keys(text: str) -> dict[str, str]:
    """The ``citedesk:`` meta elements of an HTML page."""
    found = {}
    for element in LexborHTMLParser(text).css("meta[name^='citedesk:']"):
        name, content = element.attributes["name"], element.attributes["content"]
        assert name is not None and content is not None
        found[name.removeprefix("citedesk:")] = content
    return found


def scope_keys(path: Path) -> dict[str, Any]:
    """What a policy says about itself, whichever of the two formats it has."""
    text = path.read_text(encoding="utf-8")
    return html_keys(text) if path.suffix == ".html" else front_matter(text)


def visible_text(document: str) -> str:
    """What a reader of a Markdown, HTML, XLSX or CSV document sees of it."""
    path = SHOP / document
    if path.suffix == ".xlsx":
        return "\n".join(str(cell.value) for sheet in load_workbook(path) for row in sheet.iter_rows() for cell in row if cell.value)
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        body = LexborHTMLParser(text).body
        assert body is not None
        return body.text(separator="\n")
    return text.split("---\n", 2)[2] if path.suffix == ".md" else text


def golden() -> list[dict[str, Any]]:
    """The golden questions, one per line of the file."""
    return [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]


def planted() -> list[dict[str, Any]]:
    """The planted Chinese facts."""
    entries: list[dict[str, Any]] = json.loads(PLANTED.read_text(encoding="utf-8"))["chinese"]
    return entries


def test_workbook_is_what_the_generator_writes(tmp_path: Path) -> None:
    out = tmp_path / "faq.xlsx"
    assert faq_zh.main([str(out)]) == 0
    assert out.read_bytes() == WORKBOOK.read_bytes()


def test_generator_refuses_a_call_without_a_path(capsys: pytest.CaptureFixture[str]) -> None:
    assert faq_zh.main([]) == 2
    assert "OUT.xlsx" in capsys.readouterr().err


def test_workbook_reads_back_as_its_pairs() -> None:
    workbook = load_workbook(BytesIO(WORKBOOK.read_bytes()))
    assert workbook.sheetnames == [title for title, _ in faq_zh.SHEETS]
    for title, pairs in faq_zh.SHEETS:
        header, *rows = workbook[title].iter_rows(values_only=True)
        assert header == faq_zh.COLUMNS
        assert rows == [(pair.question, pair.answer, pair.products or None, pair.regions or None) for pair in pairs]


def test_pairs_are_many_distinct_and_well_formed() -> None:
    (_, first), (_, second) = faq_zh.SHEETS
    pairs = [*first, *second]
    assert len(first) >= 50 and len(second) >= 10
    assert len({pair.question for pair in pairs}) == len(pairs)
    assert {product for pair in pairs if pair.products for product in pair.products.split(";")} == MODELS
    assert {pair.regions for pair in pairs} == {"", "CN"}
    assert all(pair.question.endswith("？") and pair.answer.endswith("。") for pair in pairs)


@pytest.mark.parametrize("name", sorted(CHINA_ONLY | EVERYWHERE))
def test_policy_names_its_scope(name: str) -> None:
    keys = scope_keys(SHOP / "policies" / name)
    assert keys.keys() <= SCOPE_KEYS - {"public_url"}
    assert keys["title"] and keys["language"] == "zh" and keys["effective_from"]
    assert keys.get("regions") == ("CN" if name in CHINA_ONLY else None)
    if "supersedes" in keys:
        replaced = scope_keys(SHOP / keys["supersedes"])
        assert replaced["effective_to"] < keys["effective_from"]


def test_planted_facts_stand_in_their_documents() -> None:
    entries = planted()
    assert len(entries) >= 15
    assert len({entry["id"] for entry in entries}) == len(entries)
    for entry in entries:
        assert entry.keys() - {"region"} == {"id", "document", "fact", "value", "question", "quote", "language"}
        assert entry["language"] == "zh" and entry["value"] in entry["quote"], entry["id"]
        assert entry["quote"] in visible_text(entry["document"]), entry["id"]
        china_only = Path(entry["document"]).name in CHINA_ONLY
        assert entry.get("region") == ("CN" if china_only else None), entry["id"]


def test_golden_questions_are_counted_and_well_formed() -> None:
    questions = golden()
    kinds = Counter(question["kind"] for question in questions)
    assert kinds == {"fact": 16, "date_or_region": 4, "cross_lingual": 10, "unanswerable": 8}
    assert len({question["id"] for question in questions}) == len({question["question"] for question in questions}) == len(questions)
    for question in questions:
        assert question.keys() == GOLDEN_KEYS
        assert question["answerable"] == (question["kind"] != "unanswerable")
        assert question["region"] in (None, "CN") and question["audience"] == "public"


def test_golden_answers_stand_in_their_first_document() -> None:
    for question in golden():
        if not question["answerable"]:
            assert (question["documents"], question["quote"], question["must"], question["must_not"]) == ([], None, [], [])
            continue
        text = visible_text(question["documents"][0])
        assert question["quote"] in text, question["id"]
        assert question["must"] and all(word in text for word in question["must"]), question["id"]
        assert not any(word in question["quote"] for word in question["must_not"]), question["id"]


def test_golden_questions_about_china_carry_the_region() -> None:
    for question in golden():
        if question["answerable"]:
            china_only = Path(question["documents"][0]).name in CHINA_ONLY
            assert question["region"] == ("CN" if china_only else None), question["id"]


def test_planted_and_golden_questions_differ() -> None:
    assert not {entry["question"] for entry in planted()} & {question["question"] for question in golden()}
