"""The report over written answers: what the model wrote, what was held back, who answered in the end."""

from eval.question import GoldenQuestion
from eval.written import WrittenAnswer, summarise


def _answer(answerable: bool, delivered: int, removed: int, degraded: bool) -> WrittenAnswer:
    question = GoldenQuestion("q", "en", "Why?", answerable, "fact", "public", None, None, (), None, (), ())
    sentences = tuple((f"Sentence {number}.", ("A quote.",), 0.9) for number in range(delivered))
    held_back = tuple((f"Wrong {number}.", "No passage says this.") for number in range(removed))
    return WrittenAnswer(question, sentences, held_back, None if delivered else "nothing_verified", "chat:small", degraded)


def test_the_rates() -> None:
    answers = [
        _answer(True, 2, 1, False),  # the model answered; one of its three sentences was held back
        _answer(True, 3, 2, True),  # nothing of the model's was left: another generator's three sentences do not count as written
        _answer(True, 0, 1, False),
        _answer(True, 1, 0, False),
        _answer(False, 0, 0, False),
        _answer(False, 1, 0, False),
    ]
    report = summarise(answers)
    assert report.told == 1.0  # nothing is expected of them
    assert (report.questions, report.written, report.removed) == (6, 2 + 1 + 2 + 1 + 1 + 1, 4)
    assert report.answered == 0.5
    assert report.answered_with_fallback == 0.75
    assert report.declined_unanswerable == 0.5


def test_a_line_of_the_transcript_names_the_question() -> None:
    line = _answer(True, 1, 1, False).to_json()
    assert (line["id"], line["question"], line["answerable"]) == ("q", "Why?", True)
    assert line["delivered"] == (("Sentence 0.", ("A quote.",), 0.9),)


def test_told_is_whether_the_expected_facts_stand_in_the_models_answers() -> None:
    question = GoldenQuestion("q", "en", "How long?", True, "fact", "public", None, None, (), None, ("30 days", "free"), ())
    texts = ("It is free for 30 days.", "It is free.", "30 days.")
    answers = [WrittenAnswer(question, ((text, (), 1.0),), (), None, "chat:small", False) for text in texts]
    assert summarise(answers).told == 1 / 3
    assert summarise([WrittenAnswer(question, (("It is free for 30 days.", (), 1.0),), (), None, "extractive", True)]).told == 0.0
