"""A whole text against a small shop, or against given passages: verdicts, citations, and where in the text the problems stand."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import DeadlineError
from kb.scope import SearchScope
from kb.search import HybridSearch
from kb.version import Version
from rag.readers.word_reader import WordClaimReader
from rag.verify.checked_sentence import CheckedSentence
from rag.verify.claim import split_claims
from rag.verify.context import sentences_in_context
from rag.verify.courtesy import is_courtesy
from rag.verify.given_passage import PIECE_TOKENS, GivenPassage, numbered_hits
from rag.verify.likely_language import likely_language
from rag.verify.located_claim import locate_claims
from rag.verify.text import TextVerifier
from rag.verify.verifier import Verifier
from tests.rag.conftest import DAY

PUBLIC = SearchScope(DAY)
DRAFT = """Hello Anna,

The **Rovo 310** runs for 110 minutes on one charge [1]. It weighs 3.6 kg. [2]
The Rovo 320 runs for 110 minutes on one charge. It weighs 3.6 kg.

- You can return any item within 45 days [7].
- 自签收起三十天内可以退货。

| Code | Meaning |
|------|---------|
| E04 | Tank empty |

Kind regards
"""


@pytest.fixture
def verifier(search: HybridSearch) -> TextVerifier:
    return TextVerifier(Verifier(WordClaimReader()), search)


def quoted(sentence: CheckedSentence) -> list[tuple[str, str]]:
    return [(citation.document, citation.quote) for citation in sentence.citations]


def test_a_draft(verifier: TextVerifier, version: Version) -> None:
    found = verifier.verify(DRAFT, version, PUBLIC)
    told = {sentence.text: (sentence.verdict, [(one.text, one.told) for one in sentence.finding.problems]) for sentence in found}
    assert told["The **Rovo 310** runs for 110 minutes on one charge."] == ("supported", [])
    assert told["The Rovo 320 runs for 110 minutes on one charge."] == ("contradicted", [("110 minutes", "180 minutes")])
    assert told["You can return any item within 45 days."] == ("contradicted", [("45 days", "30 days")])
    assert told["自签收起三十天内可以退货。"] == ("supported", [])
    assert told["| E04 | Tank empty |"] == ("supported", [])
    assert not {"Hello Anna,", "Kind regards", "|------|---------|"} & told.keys()


def test_what_it_refers_back_to_decides_whose_passage_it_is(verifier: TextVerifier, version: Version) -> None:
    weights = [sentence for sentence in verifier.verify(DRAFT, version, PUBLIC) if sentence.text == "It weighs 3.6 kg."]
    assert [sentence.verdict for sentence in weights] == ["contradicted", "supported"]
    assert [quoted(sentence) for sentence in weights] == [[("rovo-310.pdf", "It weighs 3.1 kg.")], [("rovo-320.pdf", "It weighs 3.6 kg.")]]


def test_everything_is_located_in_the_text(verifier: TextVerifier, version: Version) -> None:
    found = verifier.verify(DRAFT, version, PUBLIC)
    for sentence in found:
        assert DRAFT[sentence.start : sentence.end].replace(" [1]", "").replace(" [7]", "") == sentence.text
        for problem in sentence.finding.problems:
            if problem.kind != "wording":
                assert DRAFT[problem.start : problem.end] == problem.text
    assert [sentence.start for sentence in found] == sorted(sentence.start for sentence in found)
    assert [sentence.cited for sentence in found][:4] == [(1,), (2,), (), ()]


def test_a_problem_behind_a_marker_is_located_too(verifier: TextVerifier, version: Version) -> None:
    text = "Any item [3] can be returned [4] within 45 days [5]."
    (sentence,) = verifier.verify(text, version, PUBLIC)
    (problem,) = sentence.finding.problems
    assert (text[problem.start : problem.end], sentence.cited) == ("45 days", (3, 4, 5))


def test_citations_are_numbered_by_first_use(verifier: TextVerifier, version: Version) -> None:
    text = "Keep the receipt. The Rovo 310 runs for 110 minutes on one charge. Please keep the receipt."
    found = verifier.verify(text, version, PUBLIC)
    assert [citation.number for sentence in found for citation in sentence.citations] == [1, 2, 1]
    for sentence in found:
        for citation in sentence.citations:
            document = version.document(citation.document_id)
            assert document is not None and document.text[citation.start : citation.end] == citation.quote


def test_the_scope_decides_what_may_support(verifier: TextVerifier, version: Version) -> None:
    credit, eu = "Agents may grant a goodwill credit of up to $40.", "In the EU you can return any item within 45 days."
    (hidden,) = verifier.verify(credit, version, PUBLIC)
    assert (hidden.verdict, hidden.citations) == ("not_found", ())
    assert [problem.kind for problem in hidden.finding.problems] == ["wording"]
    (seen,) = verifier.verify(credit, version, SearchScope(DAY, "internal"))
    assert (seen.verdict, quoted(seen)) == ("supported", [("notes.md", credit)])
    (elsewhere,) = verifier.verify(eu, version, PUBLIC)
    (inside,) = verifier.verify(eu, version, SearchScope(DAY, region="FR"))
    assert (elsewhere.verdict, inside.verdict) == ("contradicted", "supported")


@pytest.mark.parametrize("text", ["", "\n", "---", "[1][2]", "Hello!", "谢谢您的咨询！"])
def test_nothing_said_nothing_verified(verifier: TextVerifier, version: Version, text: str) -> None:
    assert verifier.verify(text, version, PUBLIC) == []
    assert verifier.verify_against(text, [GivenPassage("It is free.")]) == []


def test_a_deadline_is_kept(verifier: TextVerifier, version: Version) -> None:
    with pytest.raises(DeadlineError):
        verifier.verify(DRAFT, version, PUBLIC, deadline=time.monotonic() - 1)
    with pytest.raises(DeadlineError):
        verifier.verify_against(DRAFT, [GivenPassage("It is free.")], deadline=time.monotonic() - 1)


def test_given_passages_are_what_the_markers_mean(verifier: TextVerifier) -> None:
    passages = [
        GivenPassage("The lamp dims in three steps.", id="a", title="Lamp"),
        GivenPassage("Shipping costs 4.90 EUR. It takes two days."),
    ]
    text = "The lamp dims in 3 steps [1]. Shipping costs 5.90 EUR [2]. Shipping takes 2 days [9]."
    lamp, price, days = verifier.verify_against(text, passages)
    assert [sentence.verdict for sentence in (lamp, price, days)] == ["supported", "contradicted", "supported"]
    assert [(one.number, one.passage_id, one.title) for one in (*lamp.citations, *price.citations)] == [(1, "a", "Lamp"), (2, "2", "")]
    assert [(one.text, one.told) for one in price.finding.problems] == [("5.90 EUR", "4.90 EUR")]
    (unknown,) = days.finding.problems
    assert (unknown.kind, text[unknown.start : unknown.end], unknown.message) == ("citation", "9", "There is no passage [9].")
    quote = days.citations[0]
    assert passages[1].text[quote.start : quote.end] == quote.quote == "It takes two days."


def test_another_passage_than_the_cited_one_may_bear_it_out(verifier: TextVerifier) -> None:
    passages = [GivenPassage("Gift wrap is free."), GivenPassage("The lamp dims in three steps.")]
    (sentence,) = verifier.verify_against("The lamp dims in three steps [1].", passages)
    assert (sentence.verdict, sentence.cited, sentence.citations[0].number) == ("supported", (1,), 2)


def test_of_many_given_passages_the_nearest_are_asked(verifier: TextVerifier) -> None:
    passages = [GivenPassage(f"The cable of set {number} is {number} metres long.") for number in range(100, 130)]
    passages.insert(17, GivenPassage("The lamp dims in three steps."))
    (sentence,) = verifier.verify_against("The lamp dims in three steps.", passages)
    assert (sentence.verdict, sentence.citations[0].number) == ("supported", 18)


def test_a_long_given_passage_is_cut_between_sentences() -> None:
    text = " ".join(f"The cable of set {number} is {number} metres long." for number in range(100, 200))
    pieces = numbered_hits([GivenPassage("Short.", id="s"), GivenPassage(text)])
    assert [piece.number for piece in pieces][:3] == [1, 2, 2] and len(pieces) > 4
    for piece in pieces[1:]:
        passage = piece.hit.passage
        assert text[passage.start : passage.end] == passage.text and passage.text.endswith("long.")
        assert len(passage.text) < 5 * PIECE_TOKENS
    assert " ".join(piece.hit.passage.text for piece in pieces[1:]) == text


@given(st.text(alphabet="ab .\n-[]1,，【】*|。!2：", max_size=60))
def test_claims_are_found_again_whatever_the_text(text: str) -> None:
    located = locate_claims(text)
    assert [one.claim for one in located] == [claim for claim in split_claims(text) if claim.says_something]
    for one in located:
        assert "".join(text[position] for position in one.positions) == one.claim.text
        assert list(one.positions) == sorted(set(one.positions))


@pytest.mark.parametrize(
    ("text", "contexts"),
    [
        ("The Rovo 310 is quiet. It weighs 3 kg. This model is new.", ["", "The Rovo 310 is quiet.", "The Rovo 310 is quiet."]),
        ("The Rovo 310 is quiet. The Rovo 320 is loud. It is new.", ["", "", "The Rovo 320 is loud."]),
        ("清风 40 很安静。这款机器重3公斤。", ["", "清风 40 很安静。"]),
        ("## Rovo 310\n- Battery: 110 minutes\n- Weight: 3 kg", ["", "Rovo 310", "Rovo 310"]),
        ("It is free.", [""]),
    ],
)
def test_a_sentence_leans_on_the_nearest_that_stands_alone(text: str, contexts: list[str]) -> None:
    assert [sentence.context for sentence in sentences_in_context(text, None, ["en", "zh"])] == contexts


def test_a_short_sentence_is_in_a_language_of_the_passages() -> None:
    assert likely_language("The Zenvo runs for 110 minutes.", ["en", "zh"]) == "en"
    assert likely_language("保修两年。", ["en"]) == "zh"
    french = "Vous pouvez retourner tout article dans les trente jours suivant la livraison, sans frais et sans justification."
    assert likely_language(french, ["en"]) == "fr"
    mixed = sentences_in_context("您可以在三十天内退货，运费由我们承担。\nThe lamp dims in three steps.", None, ["en", "zh"])
    assert [sentence.language for sentence in mixed] == ["zh", "en"]


@pytest.mark.parametrize(
    "text", ["Hello!", "Dear Ms. Miller,", "Thank you for your message.", "**Kind regards**", "您好！", "不客气。", "Vielen Dank!"]
)
def test_courtesy(text: str) -> None:
    assert is_courtesy(text)


@pytest.mark.parametrize(
    "text", ["Hello, returns are free.", "Thanks to the filter it is quiet.", "No.", "Yes!", "Dear customers pay 5 EUR.", "亲，包邮。"]
)
def test_what_asserts_something_is_no_courtesy(text: str) -> None:
    assert not is_courtesy(text)
