from hypothesis import given
from hypothesis import strategies as st

from rag.llm.thinking import ThinkingFilter


def filtered(pieces: list[str]) -> str:
    thinking = ThinkingFilter()
    return "".join([*(thinking.feed(piece) for piece in pieces), thinking.finish()])


@given(st.data())
def test_thoughts_are_removed_wherever_the_tags_are_cut(data: st.DataObject) -> None:
    text = "<think>Hm. 1 < 2 </thin</think>Free. <b> <thin <think>a<think>b</think>[1] <"
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)))))
    pieces = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert filtered(pieces) == "Free. <b> <thin [1] <"


def test_text_without_thoughts_passes_at_once() -> None:
    thinking = ThinkingFilter()
    assert [thinking.feed("Free"), thinking.feed(". <"), thinking.feed("b>")] == ["Free", ". ", "<b>"]


def test_an_unfinished_thought_is_no_answer() -> None:
    assert filtered(["Free. ", "<think>but then"]) == "Free. "
