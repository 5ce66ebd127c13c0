"""What needs a person: accounts, law and accidents are told from general questions."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from kb.encoder import Encoder, FloatArray
from kb.encoders.hashing import HashingEncoder
from rag.person_marks import MARKS, is_alarming, marks_of
from rag.person_need import KINDS, PersonExample, PersonNeedFinder, read_examples
from rag.phrases import emergency

EXAMPLES = (
    PersonExample("Where is my order 4410? It has still not arrived.", "account"),
    PersonExample("Please cancel my order.", "account"),
    PersonExample("My lawyer will write to you.", "law"),
    PersonExample("I will sue you in court.", "law"),
    PersonExample("Smoke comes out of my kettle.", "safety"),
    PersonExample("The charger caught fire!", "safety"),
    PersonExample("How long does shipping take?", None),
    PersonExample("Can I cancel an order?", None),
    PersonExample("Is the kettle safe for children?", None),
    PersonExample("Which law applies?", None),
    PersonExample("What is the warranty of the toaster?", None),
)


class _CountingEncoder(HashingEncoder):
    encoded = 0

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        self.encoded += len(texts)
        return super().encode_queries(texts)


@pytest.fixture(scope="module")
def finder() -> PersonNeedFinder:
    return PersonNeedFinder(HashingEncoder(256), examples=EXAMPLES)


@pytest.fixture(scope="module")
def real_finder(encoder: Encoder, encoder_cache: Path) -> PersonNeedFinder:
    return PersonNeedFinder(encoder, encoder_cache)


def _kind(finder: PersonNeedFinder, text: str, language: str = "en") -> str | None:
    need = finder.find(text, language)
    return need.kind if need is not None else None


def test_what_is_like_an_example_is_of_its_kind(finder: PersonNeedFinder) -> None:
    for example in EXAMPLES:
        assert _kind(finder, example.text) == example.kind


def test_an_accident_inside_a_long_message_is_seen(finder: PersonNeedFinder) -> None:
    chat = "What is the warranty of the toaster? How long does shipping take? Which law applies? Is the kettle safe for children?"
    assert _kind(finder, chat) is None
    assert _kind(finder, f"{chat} The charger caught fire!") == "safety"


def test_many_texts_are_judged_as_one_by_one(finder: PersonNeedFinder) -> None:
    texts = [f"{EXAMPLES[6].text} {EXAMPLES[4].text}", *[example.text for example in EXAMPLES]]
    assert finder.find_all([], []) == []
    together = finder.find_all(texts, ["en"] * len(texts))
    for text, need in zip(texts, together, strict=True):
        alone = finder.find(text, "en")
        assert (alone is None) == (need is None)
        assert alone is None or (need is not None and alone.kind == need.kind and alone.lead == pytest.approx(need.lead, abs=1e-5))


def test_vectors_of_the_examples_are_kept_and_a_damaged_file_is_replaced(tmp_path: Path) -> None:
    first = _CountingEncoder(256)
    PersonNeedFinder(first, tmp_path, EXAMPLES)
    assert first.encoded == len(EXAMPLES)
    second = _CountingEncoder(256)
    PersonNeedFinder(second, tmp_path, EXAMPLES)
    assert second.encoded == 0
    (kept,) = (tmp_path / "person-examples").iterdir()
    kept.write_bytes(kept.read_bytes()[:100])
    PersonNeedFinder(second, tmp_path, EXAMPLES)
    assert second.encoded == len(EXAMPLES)
    assert np.load(kept).shape == (len(EXAMPLES), 256)


def test_another_encoder_has_vectors_of_its_own(tmp_path: Path) -> None:
    for dimension in (128, 256):
        PersonNeedFinder(HashingEncoder(dimension), tmp_path, EXAMPLES)
    assert len(list((tmp_path / "person-examples").iterdir())) == 2


def test_a_cache_that_cannot_be_written_hinders_nothing(tmp_path: Path) -> None:
    (tmp_path / "person-examples").write_text("a file where a folder should be")
    assert _kind(PersonNeedFinder(HashingEncoder(256), tmp_path, EXAMPLES), EXAMPLES[2].text) == "law"


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("order no. A-4411", "reference"),
        ("订单 20260311", "reference"),
        ("My parcel", "own"),
        ("帮我查一下", "request"),
        ("请问多久到", "general"),
        ("I’ll see my Lawyer", "lawyer"),
        ("我要起诉", "lawyer"),
        ("Löschen Sie personenbezogene Daten", "data"),
        ("插座冒烟了", "incident"),
        ("De la fumée !", "incident"),
        ("is it safe", "hypothetical"),
    ],
)
def test_marks_are_seen(text: str, mark: str) -> None:
    assert marks_of(text)[list(MARKS).index(mark)] == 1.0
    assert marks_of("Blue.").sum() == 0.0


def test_only_law_and_accidents_alarm() -> None:
    assert is_alarming("我被电到了，漏电") and is_alarming("See you in court.")
    assert not is_alarming("Where is my order 4711?")


def test_the_shipped_examples_cover_all_kinds_and_are_told_once() -> None:
    examples = read_examples()
    texts = [example.text for example in examples]
    assert len(set(texts)) == len(texts)
    for kind in (*KINDS, None):
        assert sum(example.kind == kind for example in examples) > 80


def test_the_call_for_help_is_in_five_languages() -> None:
    said = {emergency(language) for language in ("en", "zh", "fr", "de", "es")}
    assert len(said) == 5
    assert emergency("fi") == emergency("en") == "If anyone is in danger, call the emergency services now."


@pytest.mark.parametrize(
    ("text", "language", "kind"),
    [
        ("my order number 90210 has not come, where is it?", "en", "account"),
        ("帮我看看我的快递怎么还没到", "zh", "account"),
        ("Il mio pacco non è ancora arrivato", "it", "account"),
        ("I will hand this to my lawyer", "en", "law"),
        ("我要去法院告你们", "zh", "law"),
        ("the kettle is on fire", "en", "safety"),
        ("机器冒烟了", "zh", "safety"),
        ("Rook komt uit de lader", "nl", "safety"),
        ("how long does shipping take?", "en", None),
        ("can I change the address after ordering?", "en", None),
        ("is it safe for children?", "en", None),
        ("what is your legal warranty?", "en", None),
        ("E4 是什么意思", "zh", None),
        ("Quanto dura la garanzia?", "it", None),
    ],
)
def test_the_real_encoder_tells_them_apart(real_finder: PersonNeedFinder, text: str, language: str, kind: str | None) -> None:
    assert _kind(real_finder, text, language) == kind
