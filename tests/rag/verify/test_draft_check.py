"""What is held back of a draft although no judge objects, and what is sent."""

from collections.abc import Sequence

import numpy as np
import pytest

from kb.encoder import FloatArray
from kb.search import Hit
from rag.draft import Draft
from rag.reader import Reading
from rag.readers.word_reader import WordClaimReader
from rag.verify.draft_check import (
    NO_TRANSLATION,
    OTHER_SCRIPT,
    OTHER_WORDS,
    PLACEHOLDER_LEFT,
    SAYS_NOTHING,
    SCATTERED,
    UNSURE,
    DraftCheck,
)
from rag.verify.translation import TranslationCheck
from rag.verify.verifier import Verifier
from rag.verify.wording import LOGIT_ALONE
from tests.rag.verify.passages import passage_of

RETURNS = passage_of("You can return any unopened item within 30 days of delivery.", "Returns").hit
CHINESE = passage_of("未拆封的商品可以在三十天内退货。", "退货").hit


class Believes:
    wording = LOGIT_ALONE

    def __init__(self, logit: float) -> None:
        self.logit = logit

    def score(self, question: str, readings: Sequence[Reading]) -> list[FloatArray]:
        return [np.full(len(reading.sentences), self.logit, np.float32) for reading in readings]


def _problem(draft: Draft, logit: float, language: str = "en") -> str | None:
    return DraftCheck(Verifier(Believes(logit))).check(draft, [RETURNS, CHINESE], language).problem


def test_a_sentence_in_the_passages_words_is_sent_with_the_words_that_bear_it_out() -> None:
    checked = DraftCheck(Verifier(Believes(5))).check(Draft("An unopened item can be returned within 30 days."), [RETURNS], "en")
    assert (checked.problem, checked.quotes) == (None, ((RETURNS, RETURNS.passage.text),))


@pytest.mark.parametrize(
    ("text", "logit", "language", "problem"),
    [
        ("Unopened items can be returned within 30 days.", 0.5, "en", UNSURE),
        ("The answer is yes.", 5, "en", OTHER_WORDS),
        ("Our cheerful team happily collects old furniture from your garden.", 5, "en", OTHER_WORDS),
        ("Unopened items can be returned within 30 days.", 5, "zh", OTHER_SCRIPT),
        ("未拆封的商品三十天内可以退。", 5, "en", OTHER_SCRIPT),
        ("未拆封的商品三十天内可以退。", 5, "de", OTHER_SCRIPT),
        ("You can return any unopened item to [phone 2] within 30 days.", 5, "en", PLACEHOLDER_LEFT),
        ("|---|---|", 5, "en", SAYS_NOTHING),
    ],
)
def test_what_is_held_back(text: str, logit: float, language: str, problem: str) -> None:
    assert _problem(Draft(text), logit, language) == problem


class Near(TranslationCheck):
    """Finds every sentence at ``near`` standard deviations from every quote."""

    def __init__(self, near: float) -> None:
        self._near = near

    def height(self, text: str, quote: str, context: str) -> float:
        return self._near


@pytest.mark.parametrize(
    ("cited", "logit", "near", "problem"),
    [
        ((), 5, 9, OTHER_WORDS),  # the model must have named the passage,
        ((RETURNS,), 2, 9, UNSURE),  # the reader be certain,
        ((RETURNS,), 5, 3, NO_TRANSLATION),  # and the encoder find it near
        ((RETURNS,), 5, 1, "No passage says this."),
        ((RETURNS,), 5, 9, None),
    ],
)
def test_across_languages_three_things_are_asked(cited: tuple[Hit, ...], logit: float, near: float, problem: str | None) -> None:
    check = DraftCheck(Verifier(Believes(logit), lambda: Near(near)))
    assert check.check(Draft("未拆封的商品三十天内可以退。", cited=cited), [RETURNS], "zh").problem == problem


def test_without_a_judge_of_translations_nothing_leaves_across_languages() -> None:
    check = DraftCheck(Verifier(Believes(5)))
    assert check.check(Draft("未拆封的商品三十天内可以退。", cited=(RETURNS,)), [RETURNS], "zh").problem == NO_TRANSLATION


SCATTER = passage_of(
    "The robot never apologised. You can say what you like. It did as it was told. Nobody saw the item. Ships return at night.", "A tale"
).hit


def test_words_that_are_scattered_over_a_passage_bear_nothing_out() -> None:
    assert _problem_in(SCATTER, "You can never return any item.") == SCATTERED
    assert _problem_in(SCATTER, "The robot never apologised.") is None


def test_a_page_of_text_that_poses_as_a_heading_lends_no_words() -> None:
    told = "The robot never apologised, whatever anybody asked."
    story = " ".join([*["Nobody knows."] * 30, "They return at the end with an item that you can see."])
    assert _problem_in(passage_of(told, story).hit, "You can never return any item.") == SCATTERED
    assert _problem_in(passage_of(told, "Return of an item").hit, "You can never return any item.") == SCATTERED, "headings say nothing"
    half = "The robot never apologised for its return."
    assert _problem_in(passage_of(half, "The item").hit, "You can never return any item.") is None, "a short heading lends words"
    assert _problem_in(passage_of(half, f"{story} The item").hit, "You can never return any item.") == SCATTERED


def test_what_stands_there_as_it_is_needs_no_words_of_weight() -> None:
    told = passage_of("May I try it on? Yes, you can do that.").hit
    assert _problem_in(told, "Yes, you can do that.") is None


def _problem_in(hit: Hit, text: str) -> str | None:
    return DraftCheck(Verifier(Believes(5))).check(Draft(text), [hit], "en").problem


class Counts(Believes):
    def __init__(self, logit: float) -> None:
        super().__init__(logit)
        self.read: list[int] = []

    def score(self, question: str, readings: Sequence[Reading]) -> list[FloatArray]:
        self.read.append(len(readings))
        return super().score(question, readings)


def test_passages_without_most_of_the_words_are_not_even_read() -> None:
    reader = Counts(5)
    check = DraftCheck(Verifier(reader))
    check.check(Draft("Our cheerful team happily collects old furniture from your garden."), [RETURNS, CHINESE], "en")
    check.check(Draft("Unopened items can be returned within 30 days."), [RETURNS, CHINESE], "en")
    assert reader.read == [1]


LAMP = passage_of("The lamp 90 can be returned within 30 days of delivery.", "Lamp 90").hit


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("The lamp 90 can be returned within 30 days.", True),
        ("The lamp can be returned within 90 days of delivery.", False),
        ("The lamp 90 cannot be returned within 30 days of delivery.", False),
        ("The lamp 90 can never be returned within 30 days of delivery.", False),
    ],
)
def test_by_words_alone_a_name_is_no_measure_and_no_is_not_yes(text: str, sent: bool) -> None:
    assert (DraftCheck(Verifier(WordClaimReader())).check(Draft(text), [LAMP], "en").problem is None) == sent


def test_a_case_that_the_shopper_names_need_not_be_said_again() -> None:
    told = "Return shipping is free when the item is defective, damaged in transit or not what you ordered."
    hit = passage_of(told, "Returns").hit
    check = DraftCheck(Verifier(Believes(5)))
    draft = Draft("Yes, return shipping is free.")
    assert check.check(draft, [hit], "en").problem is not None
    assert check.check(draft, [hit], "en", "Is return shipping free if I changed my mind?").problem is not None
    assert check.check(draft, [hit], "en", "Is return shipping free if my lamp was damaged in transit?").problem is None
