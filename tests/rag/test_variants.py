"""Sibling products, told from titles."""

import pytest

from rag.products import ModelGuard
from rag.variants import Variants

LOCKS = ["Vardlock Keel manual", "Vardlock Keel Plus manual", "Vardlock returns", "Vardlock delivery"]
MONITORS = ["Hushwell Pad instruction book", "Hushwell View instruction book", "Hushwell Delivery", "Hushwell Warranty"]
BOARDS = ["Vantoro 5 specifications", "Vantoro 5 Lite specifications", "Vantoro 5 and 5 Lite: codes"]


@pytest.mark.parametrize(
    ("titles", "question", "asked"),
    [
        (LOCKS, "How many codes can the Keel Plus store?", {"keel plus"}),
        (LOCKS, "how many codes can the keel plus store", {"keel plus"}),
        (LOCKS, "How many codes can the Keel store?", {"keel"}),
        (LOCKS, "how many codes can the keel store", set()),
        (LOCKS, "Is the Keel Plus heavier than the Keel?", {"keel", "keel plus"}),
        (LOCKS, "How heavy is the small one (not the Keel Plus)?", set()),
        (LOCKS, "Is there a code for the Plus?", {"keel plus"}),
        (LOCKS, "Vardlock delivery to Spain", set()),
        (MONITORS, "What is the range of the Hushwell View?", {"hushwell view"}),
        (MONITORS, "Can I hang the View on a wall?", {"hushwell view"}),
        (MONITORS, "can I view the picture on two phones with hushwell", set()),
        (MONITORS, "Hushwell Warranty", set()),
        (BOARDS, "vantoro 5 lite weight", {"vantoro 5 lite"}),
        (BOARDS, "Vantoro 5 weight", {"vantoro 5"}),
        (BOARDS, "Do I need 5 screws?", set()),
        (["鸣岸S5便携音箱使用手册", "鸣岸S5 Max便携音箱使用手册"], "S5 Max能用多久？", {"s5 max"}),
        (["Brisko 保修条款", "Brisko Max 使用手册"], "Brisko Max 保修多久？", set()),
    ],
)
def test_which_siblings_a_question_names(titles: list[str], question: str, asked: set[str]) -> None:
    assert Variants(titles).asked(question) == asked


def test_a_siblings_manual_answers_only_where_it_speaks_of_what_is_asked() -> None:
    guard = ModelGuard(LOCKS)
    plus, plain = guard.asked_models("How heavy is the Keel Plus?"), guard.asked_models("How heavy is the Keel?")
    assert not guard.admits(plus, "Vardlock Keel manual", "The motor unit weighs 410 g.")
    assert guard.admits(plus, "Vardlock Keel manual", "The motor unit weighs 410 g, that of the Keel Plus 460 g.")
    assert not guard.admits(plain, "Vardlock Keel Plus manual", "The motor unit weighs 460 g.")
    for asked in (plus, plain, guard.asked_models("How heavy is it?")):
        assert guard.admits(asked, "Vardlock returns", "Locks can be returned.")
        assert guard.admits(asked, "Vardlock Keel and Keel Plus: codes", "F05: the motor is too hot.")
    assert guard.admits(plain, "Vardlock Keel manual", "x") and guard.admits(plus, "Vardlock Keel Plus manual", "x")


def test_the_brands_own_documents_hold_for_all_its_products() -> None:
    guard = ModelGuard([*LOCKS, "Keel accessories", "Keel warranty"])
    assert guard.admits(guard.asked_models("Is the Keel Plus guaranteed?"), "Keel warranty", "Locks are guaranteed for 3 years.")


def test_sentences_about_a_sibling_alone_are_no_answer() -> None:
    guard = ModelGuard(LOCKS)
    plus = guard.asked_models("How many codes does the Keel Plus store?")
    assert not guard.admits_sentence(plus, "The Keel stores 40 codes.")
    assert guard.admits_sentence(plus, "The Keel stores 40 codes, the Keel Plus 200.")
    assert guard.admits_sentence(plus, "Codes have four to eight digits.")
    assert not guard.admits_sentence(guard.asked_models("How many codes does the Keel store?"), "The Keel Plus stores 200 codes.")


def test_a_number_and_a_sibling_are_told_apart_each_by_its_own_rule() -> None:
    guard = ModelGuard([*LOCKS, "Rovo 310 manual", "Rovo 320 manual"])
    asked = guard.asked_models("Does the Rovo 310 open the Keel Plus?")
    assert asked == {"310", "keel plus"}
    assert guard.admits(asked, "Rovo 310 manual", "x") and not guard.admits(asked, "Rovo 320 manual", "x")
    assert guard.admits(guard.asked_models("How heavy is the Keel Plus?"), "Rovo 320 manual", "x"), "no number is asked about"
