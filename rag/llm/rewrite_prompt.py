"""What is said to the language model to make a question stand alone. All of its words stand in ``rewrite_prompt.jinja``."""

from kb.text.languages import detect_language
from rag.llm.fence import LINE_MARK, harmless
from rag.llm.prompt import Prompt, shortened
from rag.llm.words import Words
from rag.query import Query, Turn

TEMPLATE = "rewrite_prompt.jinja"
KEPT_TURNS = 4
"""Two questions with their answers: a third one back is seldom what a follow-up is about."""


class RewritePromptWriter:
    """Writes prompts whose beginnings are the same bytes for all conversations in Chinese, and for all others."""

    def __init__(self) -> None:
        self._words = Words(TEMPLATE)
        self._rules = self._words.say("system")
        self._example = self._words.say("example_question"), self._words.say("example_answer")
        self._chinese_example = self._words.say("chinese_example_question"), self._words.say("chinese_example_answer")

    def prompt(self, query: Query) -> Prompt:
        """The prompt for ``query``: the last turns, then its text, each on one marked line and made harmless."""
        turns = [turn for turn in query.history if turn.role != "system" and turn.text.strip()][-KEPT_TURNS:]
        user = self._words.say("user", [_line(turn) for turn in turns], _line(Turn("user", query.text)))
        example = self._chinese_example if detect_language(query.text) == "zh" else self._example
        return Prompt(self._rules, user, example=example)


def _line(turn: Turn) -> str:
    """``turn`` in one line: no text of a shopper or an assistant can begin a line that has no mark."""
    speaker = "Customer" if turn.role == "user" else "Assistant"
    return f"{LINE_MARK}{speaker}: {shortened(harmless(turn.text))}"
