"""Model numbers in questions and titles."""

import pytest

from rag.products import ModelGuard, model_terms

TITLES = ["Rovo 310 robot vacuum (BN-RV310)", "Rovo 320 robot vacuum (BN-RV320)", "Crema 500", "清风 40 空气净化器", "Returns"]


@pytest.fixture
def guard() -> ModelGuard:
    return ModelGuard(TITLES)


def test_terms_that_name_a_model() -> None:
    assert model_terms("Rovo 310 (BN-RV310), 110 min") >= {"310", "rv310", "bnrv310"}
    assert "110" not in model_terms("runs 5 110")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How long does the Rovo 310 run?", {"310"}),
        ("BN-RV320 charging time", {"rv320", "bnrv320"}),
        ("清风 40 的滤网多久换", {"40"}),
        ("How long does the 310 robot run?", {"310"}),
        ("Can I return 310 pieces?", set()),
        ("What fits into the bin of the 310?", {"310"}),
        ("How quickly is the Crema warm?", {"500"}),
        ("Does the Rovo climb over door sills?", {"310", "320"}),
        ("清风的滤网多久换", {"40"}),
        ("Can I have coffee with crema?", set()),
    ],
)
def test_models_that_a_question_names(guard: ModelGuard, question: str, expected: set[str]) -> None:
    assert guard.asked_models(question) == expected


def test_another_models_manual_is_kept_out(guard: ModelGuard) -> None:
    asked = guard.asked_models("How long does the Rovo 310 run?")
    assert guard.admits(asked, TITLES[0], "110 min")
    assert guard.admits(asked, "Returns", "30 days")
    assert not guard.admits(asked, TITLES[1], "180 min")
    assert guard.admits(asked, TITLES[1], "Unlike the Rovo 310, it mops.")


@pytest.mark.parametrize(
    ("question", "expected"),
    [("Price of the Rovo 400?", "rovo 400"), ("Price of the Rovo 310?", None), ("Crema 500?", None)],
)
def test_a_model_that_does_not_exist_is_noticed(guard: ModelGuard, question: str, expected: str | None) -> None:
    assert guard.unknown_model(question) == expected


def test_a_sentence_about_another_model_is_kept_out(guard: ModelGuard) -> None:
    asked = guard.asked_models("How long does the Rovo 310 run?")
    assert guard.admits_sentence(asked, "It runs for 110 min.")
    assert guard.admits_sentence(asked, "The Rovo 310 runs longer than the Rovo 320.")
    assert not guard.admits_sentence(asked, "The Rovo 320 runs for 180 min.")
    assert guard.admits_sentence(frozenset(), "The Rovo 320 runs for 180 min.")


def test_words_that_titles_also_have_without_a_number_are_no_names() -> None:
    guard = ModelGuard(["Holiday returns 2025", "Returns", "Part 2: Care", "Kettle 30", "Kettle care"])
    for question in ("Returns in the holidays?", "Which Part is it?", "Kettle too hot?", "Holiday?"):
        assert guard.asked_models(question) == frozenset()
