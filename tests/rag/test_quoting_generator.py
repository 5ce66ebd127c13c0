from collections.abc import Iterator, Sequence

import pytest

from rag.answer import Generator, Usage
from rag.draft import Draft, Evidence, ScoredUnit
from rag.generate.extractive import MARGIN
from rag.generate.quoting import MOST_CHARACTERS, OFFERED
from rag.unit import units_of
from tests.fake_llm.faults import Fault
from tests.fake_llm.server import FakeLlm
from tests.rag.llm.asking import chat, query
from tests.rag.llm.shop import hit, hits

STEP = MARGIN / 6
RETURN, RECEIPT, SALE = "You can return any item within 30 days.", "Keep the receipt.", "Sale items: 14 days."


def _evidence(*entries: Sequence[object]) -> Evidence:
    found = tuple(hit(*entry) for entry in entries) if entries else hits()  # type: ignore[arg-type]
    units = tuple(ScoredUnit(unit, 2.0 - place, 0.9, -STEP * place) for place, unit in enumerate(units_of(found)))
    return Evidence("How long may I return it?", found, units)


@pytest.fixture
def llm() -> Iterator[FakeLlm]:
    with FakeLlm() as fake:
        yield fake


async def _drafts(llm: FakeLlm, answer: str, evidence: Evidence | None = None) -> list[Draft]:
    llm.answer = answer
    async with chat(llm, style="quoted") as opened:
        assert opened.generator.label == Generator("chat:fake")
        pieces = [piece async for piece in opened.generator.generate(query(10), evidence or _evidence())]
    assert isinstance(pieces[-1], Usage)
    return [piece for piece in pieces if isinstance(piece, Draft)]


async def test_lines_that_were_offered_are_quotes(llm: FakeLlm) -> None:
    found = await _drafts(llm, f"{SALE} [2]\n{RECEIPT} [1]")
    assert [(draft.text, draft.quotes[0][1], draft.quotes[0][0].passage.text.count("\n")) for draft in found] == [
        (SALE, SALE, 0),
        (RECEIPT, RECEIPT, 1),
    ]
    assert [draft.separator for draft in found] == ["", " "]
    assert 0 < found[0].support < found[1].support < 1


async def test_only_these_lines_are_allowed(llm: FakeLlm) -> None:
    await _drafts(llm, f"{SALE} [2]")
    grammar = llm.completions()[0].body["structured_outputs"]["grammar"]
    for line in (f"{RETURN} [1]", f"{RECEIPT} [1]", f"{SALE} [2]", "运费由我们承担。 [3]"):
        assert f'"{line}"' in grammar
    assert "do not answer" not in grammar
    assert "word for word" in llm.completions()[0].body["messages"][0]["content"]


async def test_what_a_server_without_grammars_writes_is_claims_to_be_verified(llm: FakeLlm) -> None:
    found = await _drafts(llm, "You may bring it back for 30 days. [1] So says the shop. [9]\n" + f"{SALE} [2]")
    assert [(draft.text, len(draft.quotes), len(draft.cited)) for draft in found] == [
        ("You may bring it back for 30 days.", 0, 1),
        ("So says the shop.", 0, 0),
        (SALE, 1, 0),
    ]


async def test_a_line_that_was_cut_off_is_dropped(llm: FakeLlm) -> None:
    llm.once(Fault.LENGTH)
    assert [draft.text for draft in await _drafts(llm, f"{SALE} [2]\n{RETURN} [1]")] == [SALE]


async def test_the_best_sentences_are_offered_and_no_endless_ones(llm: FakeLlm) -> None:
    many = [("a.md", "A", "word " * MOST_CHARACTERS + ".", 0, 9.0)]
    many += [("b.md", "B", f"Sentence number {number}.", number * 40, 5.0 - number) for number in range(OFFERED + 3)]
    evidence = _evidence(*many)
    fewer = Evidence(evidence.question, evidence.hits[:8], evidence.units[:1] + evidence.units[2:])
    await _drafts(llm, "Sentence number 1. [1]", fewer)
    grammar = llm.completions()[0].body["structured_outputs"]["grammar"]
    assert "word word" not in grammar
    assert "Sentence number 0" not in grammar and '"Sentence number 1. [' in grammar
    assert grammar.count("Sentence number") == 5


async def test_marked_sentences_are_free_but_for_their_markers(llm: FakeLlm) -> None:
    llm.answer = "You can return it within 30 days. [1]"
    async with chat(llm, style="marked") as opened:
        pieces = [piece async for piece in opened.generator.generate(query(10), _evidence())]
    assert isinstance(pieces[0], Draft) and pieces[0].text == "You can return it within 30 days." and len(pieces[0].cited) == 1
    assert 'marker ::= "[1]" | "[2]" | "[3]"' in llm.completions()[0].body["structured_outputs"]["grammar"]


async def test_without_a_sentence_to_offer_the_model_is_not_asked(llm: FakeLlm) -> None:
    async with chat(llm, style="quoted") as opened:
        assert [piece async for piece in opened.generator.generate(query(10), Evidence("What?", hits(), ()))] == []
    assert llm.completions() == []
