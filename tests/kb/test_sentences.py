"""Sentence spans in several languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.text.sentences import split_sentences


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("It costs approx. 4 euros. You pay $4.90, e.g. by card.", "en", ["It costs approx. 4 euros.", "You pay $4.90, e.g. by card."]),
        ("Ask Mr. Smith. He knows.", "en", ["Ask Mr. Smith.", "He knows."]),
        ("Is it free? Yes! It is.", "en", ["Is it free?", "Yes!", "It is."]),
        ("支持7天退货。需保留包装！（含配件。）运费12元", "zh", ["支持7天退货。", "需保留包装！", "（含配件。）", "运费12元"]),
        ("Das gilt ab dem 3. März 2026. Danach nicht.", "de", ["Das gilt ab dem 3. März 2026.", "Danach nicht."]),
        ("1. Press the button. 2. Wait 3.5 s.\nNext line", "en", ["1. Press the button.", "2. Wait 3.5 s.", "Next line"]),
        ("Le délai est de 14 jours, p.ex. un mois. Ensuite non.", "fr", ["Le délai est de 14 jours, p.ex. un mois.", "Ensuite non."]),
        ("  \n ", "en", []),
    ],
)
def test_boundaries(text: str, language: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in split_sentences(text, language)] == expected


@given(st.text(alphabet="aB3 .!?。！\n,”)", max_size=80))
def test_spans_cover_all_that_is_not_white_space(text: str) -> None:
    spans = split_sentences(text)
    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in zip(spans, spans[1:], strict=False))
    assert "".join("".join(text[start:end].split()) for start, end in spans) == "".join(text.split())
