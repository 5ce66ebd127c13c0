"""The shops that are asked obliquely: whole, in halves, and every value asked for stands in a document that is named."""

from pathlib import Path

import pytest
from pypdf import PdfReader

from eval.golden import plain
from eval.oblique import ASKED, ASKED_ACROSS, read_oblique
from kb.errors import ConfigurationError


def test_the_shipped_shops_are_whole() -> None:
    shops = read_oblique()
    assert [shop.name for shop in shops] == ["en-telescope", "zh-weiyu"]
    for shop in shops:
        assert len({question.half for question in shop.questions}) == 2
        assert sum(question.answerable for question in shop.questions) >= 30
        assert sum(not question.answerable for question in shop.questions) >= 15


def test_each_shop_is_asked_in_another_language_than_that_of_its_documents() -> None:
    for shop in read_oblique(asked=ASKED_ACROSS):
        assert {question.language for question in shop.questions} == {{"en": "zh", "zh": "en"}[shop.name[:2]]}
        assert [sum(question.answerable == kind for question in shop.questions) for kind in (True, False)] == [20, 20]
        assert len({question.half for question in shop.questions}) == 2


@pytest.mark.parametrize("asked", [ASKED, ASKED_ACROSS])
def test_every_value_stands_in_each_document_named(asked: str) -> None:
    told = [(shop, question) for shop in read_oblique(asked=asked) for question in shop.questions if question.answerable]
    for shop, question in told:
        assert question.documents and question.must, question.id
        for name in question.documents:
            text = plain(_text(shop.documents / name))
            assert [value for value in question.must if plain(value) not in text] == [], question.id


def test_a_folder_without_shops_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=str(tmp_path)):
        read_oblique(tmp_path)


def _text(path: Path) -> str:
    if path.suffix == ".pdf":
        return "\n".join(page.extract_text() for page in PdfReader(path).pages)
    return path.read_text(encoding="utf-8")
