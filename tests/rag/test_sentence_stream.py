import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors import GenerationError
from rag.generate.sentence_stream import MAX_SENTENCE, SentenceStream
from rag.verify.claim import Claim, split_claims

TEXTS = [
    "You can return items within 30 days. [1] Keep the receipt. [2]",
    "It costs 4.90 EUR. [1] Shipping is 1,299.00 EUR [2][3]. Ask e.g. Mr. Smith. [1]",
    "Steps:\n1. Open the lid. [1]\n2. Press E.g. the red key. [2] [3]\n- Close it [1]\n",
    "三十天内可以退货。[1]运费由我们承担。【2】“请保留收据。”[1]谢谢！",
    "Returns are free.[1] Items must be unused.[1][2] Nothing else.",
    "The Rovo 310 weighs 3.1 kg\n[1]\nIt runs for 110 minutes [^2]",
    "| Model | Weight |\n|---|---|\n| Rovo 310 | 3.1 kg | [1]\n\nThat is all.",
    "Am 3. März öffnen wir. [1] Das kostet ca. 5 Euro... [2] oder? nein! Doch.",
]
PARTS = [
    *"abZ19 .。!?？\n[]()*-,、“”…①",
    "[1]",
    " [2]",
    "【1】",
    "[1, 2]",
    "[1-3]",
    "4.90",
    "e.g. ",
    "no. ",
    "1. ",
    "\n2. ",
    "\n- ",
    ". ",
    "。",
    "三十天",
    "U.S. ",
]


@st.composite
def chunkings(draw: st.DrawFn, text: str) -> list[str]:
    cuts = sorted(draw(st.sets(st.integers(0, len(text)))))
    return [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]


def streamed(pieces: list[str], language: str = "und") -> list[Claim]:
    stream = SentenceStream(language)
    return [claim for piece in pieces for claim in stream.feed(piece)] + stream.finish()


@pytest.mark.parametrize("text", TEXTS)
def test_one_character_at_a_time_gives_the_claims_of_the_whole(text: str) -> None:
    assert streamed(list(text), "en") == split_claims(text, "en")


@given(data=st.data(), text=st.sampled_from(TEXTS), language=st.sampled_from(["en", "zh", "de", "und"]))
def test_any_chunking_of_an_answer_gives_the_claims_of_the_whole(data: st.DataObject, text: str, language: str) -> None:
    assert streamed(data.draw(chunkings(text)), language) == split_claims(text, language)


@settings(max_examples=300)
@given(data=st.data(), parts=st.lists(st.sampled_from(PARTS), max_size=40), language=st.sampled_from(["en", "zh", "und"]))
def test_any_chunking_of_any_text_gives_the_claims_of_the_whole(data: st.DataObject, parts: list[str], language: str) -> None:
    text = "".join(parts)
    assert streamed(data.draw(chunkings(text)), language) == split_claims(text, language)


@pytest.mark.parametrize(
    ("before", "last", "released"),
    [
        ("Returns are free. [1]", " I", ["Returns are free."]),
        ("Returns are free.", "\nI", ["Returns are free."]),
        ("运费由我们承担。[1]", "请", ["运费由我们承担。"]),
        ("Returns are free.[1]", " Items", ["Returns are free."]),
    ],
)
def test_a_sentence_leaves_with_the_first_letter_of_the_next(before: str, last: str, released: list[str]) -> None:
    stream = SentenceStream("en")
    assert [claim for character in before for claim in stream.feed(character)] == []
    assert [claim.text for claim in stream.feed(last)] == released


@pytest.mark.parametrize("text", ["It costs 4.", "It costs 4.90 EUR. [1] [", "Returns are free. [2", "Ask Mr. S", "Free. [1]\n[2]"])
def test_what_can_still_change_is_held(text: str) -> None:
    assert SentenceStream("en").feed(text) == []


def test_a_text_that_was_cut_off_loses_its_last_sentence_only() -> None:
    stream = SentenceStream("en")
    assert [claim.text for claim in stream.feed("Returns are free. [1] It costs 4.")] == ["Returns are free."]
    assert stream.finish(complete=False) == []


def test_a_sentence_without_end_is_an_error() -> None:
    stream = SentenceStream("en")
    with pytest.raises(GenerationError, match="without ending a sentence"):
        for _ in range(MAX_SENTENCE):
            stream.feed("la ")
