"""The language of a query: asked for, the question's own, or that of the conversation and the shop."""

from dataclasses import replace

from rag.query import Query, Turn
from tests.rag.conftest import DAY

SHORT = Query("Garantie?", DAY, known_languages=("en", "zh"))


def test_the_questions_own_language_is_answered_in() -> None:
    assert Query("Do vouchers go bad?", DAY, known_languages=("fr", "de")).spoken_language == "en"
    assert Query("Verfallen Gutscheine irgendwann?", DAY, known_languages=("en", "zh")).spoken_language == "de"


def test_the_language_asked_for_goes_before_it() -> None:
    query = Query("Do vouchers go bad?", DAY, language="fr")
    assert (query.spoken_language, query.written_language) == ("fr", "en")
    assert replace(SHORT, language="de").written_language == "de"


def test_a_word_is_in_the_language_of_the_turn_before() -> None:
    asked = (Turn("user", "Wie lange hält der Akku?"), Turn("assistant", "The battery lasts 90 minutes."))
    assert replace(SHORT, history=asked).written_language == "de"
    assert replace(SHORT, text="What does it cost?", history=asked).written_language == "en"


def test_a_number_is_in_the_language_of_the_turn_before_or_of_the_shop() -> None:
    number = replace(SHORT, text="320?")
    assert number.written_language == "en"
    assert replace(number, history=(Turn("user", "保修多久？"),)).written_language == "zh"


def test_the_shops_languages_make_no_other_question() -> None:
    assert replace(SHORT, known_languages=()) == SHORT
