"""Placeholders: stable within a conversation, reversible, and the same however a stream is cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.privacy.clause import MAX_CLAUSE
from rag.privacy.masker import Masker, StreamMasker, mask, unmask

pytestmark = pytest.mark.slow  # long texts, character by character: they run in the integration stage

PHONES = ("13812345678", "+49 30 2312 5123", "(212) 736-5000")
PERSONAL = (*PHONES, "anna@mail.example.org", "4111 1111 1111 1111", "11010519491231002X")
WORDS = ("order ", "call ", "电话", "订单号", "，", "。", "? ", ". ", "\n", " ", "my card ", "Baker Street ", "12 ", "-", "@", "x")
CHARACTERS = "0123456789+-.()/@ \n\r\u2028\u3000\u00a0aZéß中号１＋，；！\U0001f600\ud800_#xX"
PARTS = st.one_of(st.sampled_from((*PERSONAL, *WORDS, "，寄到北京市朝阳区建国路88号")), st.text(CHARACTERS, max_size=6))
TEXTS = st.lists(PARTS, max_size=20).map("".join)


def streamed(text: str, cuts: list[int]) -> str:
    masker, at = StreamMasker(), 0
    given_out = ""
    for cut in sorted(min(cut, len(text)) for cut in cuts):
        given_out += masker.feed(text[at:cut])
        at = cut
    return given_out + masker.feed(text[at:]) + masker.finish()


@given(TEXTS, st.lists(st.integers(0, 200), max_size=20))
def test_a_stream_is_masked_as_the_whole_is_however_it_is_cut(text: str, cuts: list[int]) -> None:
    assert streamed(text, cuts) == mask(text)


@given(TEXTS)
def test_one_character_at_a_time(text: str) -> None:
    assert streamed(text, list(range(len(text)))) == mask(text)


@pytest.mark.parametrize("personal", PERSONAL)
@pytest.mark.parametrize("filler", ["word ", "字", "1 ", "a", "-"])
def test_long_texts_without_an_end_are_cut_alike_and_hold_back_little(filler: str, personal: str) -> None:
    text = filler * 300 + f" call {personal} " + filler * 600
    masker, given_out = StreamMasker(), ""
    for number, character in enumerate(text, 1):
        given_out += masker.feed(character)
        assert number - len(given_out) <= MAX_CLAUSE + len(personal)
    assert given_out + masker.finish() == mask(text)


def test_nothing_of_a_match_leaves_before_it_is_one() -> None:
    masker = StreamMasker()
    assert [masker.feed(piece) for piece in ("Sure. My number is 138", "1234", "5678", ".")] == ["", "", "", ""]
    assert masker.feed(" Thanks") == ""
    assert masker.feed("!") + masker.finish() == "Sure. My number is [phone]. Thanks!"


@pytest.mark.parametrize("personal", PERSONAL)
def test_long_unpunctuated_text_is_not_cut_within_a_match(personal: str) -> None:
    for words in range(60, 110):
        masked = mask("word " * words + f"call {personal} " + "word " * 100)
        assert personal not in masked and masked.count("[") == 1


def test_placeholders_tell_kinds_and_numbers_apart_and_stay_the_same() -> None:
    masker = Masker()
    assert masker.mask("电话13812345678或13912345678，邮箱a@b.example") == "电话[phone]或[phone 2]，邮箱[e-mail]"
    assert masker.mask("I said +86 139 1234 5678, A@B.example") == "I said [phone 2], [e-mail]"
    assert masker.originals == {"[phone]": "13812345678", "[phone 2]": "13912345678", "[e-mail]": "a@b.example"}


def test_what_is_public_is_not_masked_however_it_is_written() -> None:
    masker = Masker(public=["Our office: +49 30 2312 5123, service@shop.example"])
    assert masker.mask("Is 030 23125123 or Service@shop.example right? Call 030 23125124") == (
        "Is 030 23125123 or Service@shop.example right? Call [phone]"
    )


def test_masking_is_undone_also_as_a_model_writes_placeholders() -> None:
    originals = {"[phone 2]": "139", "[e-mail]": "a@b.example", "[ID number]": "X"}
    text = "[Phone 2], 【email】, [id number], [phone 3], [card] [1]"
    assert unmask(text, originals) == "139, a@b.example, X, [phone 3], [card] [1]"
