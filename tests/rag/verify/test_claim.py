"""A text cut into claims: where sentences, markers, bullets and marks of emphasis begin and end."""

import time

import pytest

from kb.text.languages import detect_language
from rag.verify.claim import MARKER, split_claims


def claims(text: str, language: str = "en") -> list[tuple[str, tuple[int, ...]]]:
    return [(claim.text, claim.cited) for claim in split_claims(text, language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Returns take 30 days [1]. Keep the box.", [("Returns take 30 days.", (1,)), ("Keep the box.", ())]),
        ("Returns take 30 days. [1] Keep the box. [2]", [("Returns take 30 days.", (1,)), ("Keep the box.", (2,))]),
        ("Returns take 30 days.[1] Keep the box.[2]", [("Returns take 30 days.", (1,)), ("Keep the box.", (2,))]),
        ("Returns take 30 days.[1][2] Keep the box.", [("Returns take 30 days.", (1, 2)), ("Keep the box.", ())]),
        ("Returns take 30 days [1][2]. Keep it [2][2].", [("Returns take 30 days.", (1, 2)), ("Keep it.", (2,))]),
        ("Shipping [1] costs 4.90 EUR [2].", [("Shipping costs 4.90 EUR.", (1, 2))]),
        ("Is it free? [1] Yes! [2]", [("Is it free?", (1,)), ("Yes!", (2,))]),
        ("[1] Returns take 30 days.", [("Returns take 30 days.", (1,))]),
    ],
)
def test_a_marker_belongs_to_its_sentence(text: str, expected: list[tuple[str, tuple[int, ...]]]) -> None:
    assert claims(text) == expected


@pytest.mark.parametrize(
    ("marker", "cited"),
    [
        ("[1]", (1,)),
        ("[12]", (12,)),
        ("[1, 2]", (1, 2)),
        ("[1,2][3]", (1, 2, 3)),
        ("[1; 3]", (1, 3)),
        ("[2-4]", (2, 3, 4)),
        ("[^1]", (1,)),
        ("【1】", (1,)),
        ("【1，2】", (1, 2)),
        ("［3］", (3,)),
        ("[1、2]", (1, 2)),
    ],
)
def test_markers_are_written_in_many_ways(marker: str, cited: tuple[int, ...]) -> None:
    assert claims(f"It is free {marker}.") == [("It is free.", cited)]


@pytest.mark.parametrize("text", ["Press [Start] twice.", "Code [E04] is shown.", "In [2026] it was sold.", "Mode [1a] is slow."])
def test_other_brackets_are_text(text: str) -> None:
    assert claims(text) == [(text, ())]


def test_a_range_of_markers_is_bounded() -> None:
    assert len(claims("It is free [1-999].")[0][1]) <= 21


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("退货需在30天内。[1]运费由我们承担。[2]", [("退货需在30天内。", (1,)), ("运费由我们承担。", (2,))]),
        ("退货需在30天内[1]。运费由我们承担【2】！", [("退货需在30天内。", (1,)), ("运费由我们承担！", (2,))]),
        ("保修两年【1】【2】。", [("保修两年。", (1, 2))]),
        ("1、清空水箱。[1]\n2、拔下插头。[2]", [("清空水箱。", (1,)), ("拔下插头。", (2,))]),
        ("（一）清空水箱。\n（二） 拔下插头。", [("（一）清空水箱。", ()), ("拔下插头。", ())]),
        ("①清空水箱；\n②拔下插头。", [("清空水箱；", ()), ("拔下插头。", ())]),
    ],
)
def test_chinese(text: str, expected: list[tuple[str, tuple[int, ...]]]) -> None:
    assert claims(text, "zh") == expected


@pytest.mark.parametrize(
    "text",
    [
        "It weighs 3.1 kg and costs 1,299.00 EUR.",
        "Use approx. 5 ml, i.e. one spoon.",
        "Order No. 5 is on its way.",
        "Dr. Miller and the U.S. team answer.",
        "Version 2.0 is out.",
        "Write to a.b@shop.example today.",
    ],
)
def test_a_full_stop_inside_is_no_end(text: str) -> None:
    assert claims(text) == [(text, ())]


def test_lists_lose_their_bullets() -> None:
    text = "It comes with:\n- a charger [1]\n* two filters [2]\n1. a brush\n2) a mop\n• 3 bags\n## Care\n> Keep it dry."
    found = split_claims(text, "en")
    items = ["a charger", "two filters", "a brush", "a mop", "3 bags"]
    assert [claim.text for claim in found] == ["It comes with:", *items, "Care", "Keep it dry."]
    assert [claim.cited for claim in found[1:3]] == [(1,), (2,)]
    assert [claim.separator for claim in found] == ["", "\n- ", "\n* ", "\n1. ", "\n2) ", "\n• ", "\n## ", "\n> "]


def test_a_number_that_begins_a_sentence_is_no_bullet() -> None:
    assert claims("30 days are allowed.") == [("30 days are allowed.", ())]
    assert claims("- 30 days are allowed.") == [("30 days are allowed.", ())]


def test_tables() -> None:
    found = split_claims("| Mode | Suction |\n|---|:---:|\n| Turbo | 4000 Pa | [1]\n| Quiet | 1500 Pa |[1]", "en")
    assert [claim.text for claim in found if claim.says_something] == ["| Mode | Suction |", "| Turbo | 4000 Pa |", "| Quiet | 1500 Pa |"]
    assert [claim.cited for claim in found] == [(), (), (1,), (1,)]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("**Bold** and `code` stay.", "  Bold   and  code  stay."),
        ("__Free__ returns, ~~not~~ 30 days.", "  Free   returns,   not   30 days."),
        ("*30 days* it is.", " 30 days  it is."),
        ("A 5 * 3 grid, snake_case.", "A 5 * 3 grid, snake_case."),
    ],
)
def test_emphasis_is_blanked_out(text: str, plain: str) -> None:
    (claim,) = split_claims(text, "en")
    assert (claim.text, claim.plain) == (text, plain)
    assert len(claim.plain) == len(claim.text)


@pytest.mark.parametrize("text", ["---", "***", "|---|---|", "=====", ":--:"])
def test_rules_say_nothing(text: str) -> None:
    assert not [claim for claim in split_claims(text) if claim.says_something]


@pytest.mark.parametrize("text", ["", " \n ", "[1]", "[1][2]\n[3]"])
def test_no_text_no_claims(text: str) -> None:
    assert claims(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Returns take 30 days [1]. Keep the box.\n\n- a charger [2]\n- **two** filters\n\n| a | b |\n|---|---|\n| c | d |[3]",
        "退货需在30天内。[1]运费由我们承担。\n保修两年【2】。",
    ],
)
def test_separators_and_texts_are_the_text_without_markers(text: str) -> None:
    joined = "".join(claim.separator + claim.text for claim in split_claims(text, detect_language(text)))
    assert joined == MARKER.sub("", text)


@pytest.mark.parametrize("text", ["e.g. " * 4000, "x [1] " * 3300, "[1]" * 6600, "。" * 20000, "[1, " * 5000, "*" * 20000])
def test_odd_texts_take_no_longer(text: str) -> None:
    begun = time.process_time()
    split_claims(text, "en")
    assert time.process_time() - begun < 3
