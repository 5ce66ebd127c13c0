from dataclasses import replace

import hypothesis.strategies as st
from hypothesis import given, settings

from ingest.assemble import assemble
from ingest.chunk import LONGEST_SENTENCE, MOST_TOKENS, chunk_document, passage_language
from ingest.metadata import Metadata
from ingest.parse.draft import Draft, DraftBuilder
from kb.document import BlockKind, Document
from kb.passage import Passage
from kb.text.tokens import estimate_tokens
from tests.ingest.builders import manual_pdf, parse_one

KINDS: tuple[BlockKind, ...] = ("paragraph", "list_item", "table_row", "faq", "code")
WORDS = st.sampled_from(["Fill the tank. ", "press Power, ", "水箱要装满。", "保修期为两年；", "E04 ", "3.5 l. ", "What? ", "\n", "abc"])
TEXTS = st.lists(WORDS, max_size=120).map("".join)
STEPS = st.lists(st.tuples(st.sampled_from([*KINDS, 1, 2, 3, 4]), TEXTS), max_size=30)


def document(draft: Draft, outside: Metadata | None = None) -> Document:
    return assemble("shop", "a.md", draft, "0" * 64, outside or Metadata())


def chunk(text: str, name: str = "a.md") -> list[Passage]:
    return chunk_document(document(parse_one(name, text)))


@settings(max_examples=80)
@given(STEPS)
def test_passages_are_stretches_that_hold_all_text(steps: list[tuple[BlockKind | int, str]]) -> None:
    builder = DraftBuilder()
    for kind, text in steps:
        if isinstance(kind, int):
            builder.heading(kind, text[:60])
        else:
            builder.block(kind, text)
    made = document(Draft(builder.text, builder.blocks, "text/plain"))
    passages = chunk_document(made)
    assert len({passage.id for passage in passages}) == len(passages)
    covered = set[int]()
    for passage in passages:
        assert passage.text == made.text[passage.start : passage.end] != ""
        assert not covered.intersection(range(passage.start, passage.end)), "passages do not overlap"
        covered.update(range(passage.start, passage.end))
    for block in made.blocks:
        if block.kind != "heading":
            outside = "".join(made.text[at] for at in range(block.start, block.end) if at not in covered)
            assert not outside.strip(), "no text is lost"
    for passage in passages:
        if passage.kind != "faq":
            assert estimate_tokens(passage.text) <= max(MOST_TOKENS + 40, LONGEST_SENTENCE + 40)


def test_sections_of_the_first_two_depths_never_share_a_passage() -> None:
    passages = chunk("# Policy\n\nIntro.\n\n## A\n\nOne.\n\n## B\n\nTwo.\n")
    assert [(passage.heading_path, passage.text) for passage in passages] == [
        (("Policy",), "Intro."),
        (("Policy", "A"), "One."),
        (("Policy", "B"), "Two."),
    ]


def test_tiny_deep_sections_share_a_passage_that_keeps_their_headings() -> None:
    passages = chunk("# P\n\n## S\n\n### Red\n\nToo hot.\n\n### Blue\n\nToo cold.\n\n## T\n\n### Green\n\nFine.\n")
    assert [(passage.heading_path, passage.text) for passage in passages] == [
        (("P", "S"), "Red\n\nToo hot.\n\nBlue\n\nToo cold."),
        (("P", "T", "Green"), "Fine."),
    ]


def test_a_long_paragraph_is_cut_at_sentence_ends() -> None:
    sentence = "The appliance must be cleaned once every week with warm water. "
    passages = chunk(sentence * 60)
    assert len(passages) > 3
    assert all(passage.text.endswith("water.") and passage.text.startswith("The appliance") for passage in passages)
    assert all(100 < estimate_tokens(passage.text) <= MOST_TOKENS for passage in passages)


def test_chinese_is_never_cut_inside_a_sentence() -> None:
    sentence = "本产品自购买之日起享受两年保修服务，人为损坏除外，请妥善保管发票；"
    passages = chunk((sentence * 6 + "谢谢。") * 5)
    assert all(passage.text.endswith("谢谢。") for passage in passages)


def test_a_sentence_that_the_encoder_could_not_read_is_cut_at_a_comma() -> None:
    passages = chunk("水箱必须装满，" * 400)
    assert len(passages) > 2 and all(passage.text.endswith("，") for passage in passages[:-1])
    assert all(estimate_tokens(passage.text) <= LONGEST_SENTENCE for passage in passages)


def test_table_rows_are_never_cut_and_a_lead_in_stays_with_its_table() -> None:
    rows = "\n".join(f"| E{number:02} | the meaning of this code is number {number} |" for number in range(60))
    passages = chunk(f"# Codes\n\nThe display shows these codes:\n\n| Code | Meaning |\n|---|---|\n{rows}\n")
    assert passages[0].text.startswith("The display shows these codes:\n\nCode: E00 | Meaning")
    assert {passage.kind for passage in passages} == {"table_row"} and len(passages) >= 3
    lines = [line for passage in passages for line in passage.text.split("\n") if line.startswith("Code")]
    assert lines == [f"Code: E{number:02} | Meaning: the meaning of this code is number {number}" for number in range(60)]


def test_each_faq_pair_is_a_passage_with_its_own_scope() -> None:
    passages = chunk("question,answer,audience,title\na?,b,,\nc?,d,internal,Own title\n", "faq.csv")
    assert [(passage.kind, passage.text, passage.scope.audience, passage.title) for passage in passages] == [
        ("faq", "a?\nb", "public", "A"),
        ("faq", "c?\nd", "internal", "Own title"),
    ]


def test_rows_of_different_scope_never_share_a_passage() -> None:
    draft = parse_one("faq.csv", "question,answer,regions\na?,b,DE\n")
    made = document(draft, Metadata(audience="internal", regions=("FR",)))
    (passage,) = chunk_document(made)
    assert (passage.scope.audience, passage.scope.regions) == ("internal", ("DE",))


def test_equal_texts_have_different_ids_and_ids_survive_insertions() -> None:
    before = chunk("## A\n\nSame.\n\n## A\n\nSame.\n\n## B\n\nOther.\n")
    after = chunk("## New\n\nFirst.\n\n## A\n\nSame.\n\n## A\n\nSame.\n\n## B\n\nOther.\n")
    assert len({passage.id for passage in before}) == 3
    assert [passage.id for passage in after][1:] == [passage.id for passage in before]


def test_pages_and_headings_of_a_pdf_reach_its_passages() -> None:
    passages = chunk_document(document(parse_one("a.pdf", manual_pdf())))
    codes = next(passage for passage in passages if "E01" in passage.text)
    assert codes.page == 2 and codes.heading_path[-1] == "Error codes" and codes.title == "Crema 500 user manual"


def test_a_document_of_headings_alone_is_not_lost() -> None:
    assert [passage.text for passage in chunk("# Brightnook\n")] == ["Brightnook"]
    assert [passage.text for passage in chunk("# Shop\n\n# Hotline 0800 123\n\n# Open all day\n")] == [
        "Shop\n\nHotline 0800 123\n\nOpen all day"
    ]


def test_a_passage_in_another_script_has_its_own_language() -> None:
    assert passage_language("保修期为两年。", "en") == "zh"
    assert passage_language("The warranty lasts two years.", "en") == "en"
    made = document(
        parse_one("a.md", "## English\n\nThe warranty lasts two years from the day of purchase.\n\n## 中文\n\n保修期为购买之日起两年。\n")
    )
    assert [passage.language for passage in chunk_document(replace(made, language="en"))] == ["en", "zh"]
