"""What is said to the language model to make a question stand alone. All of its words stand in ``rewrite_prompt.jinja``."""

from rag.llm.fence import LINE_MARK
from rag.llm.hidden import hide
from rag.llm.prompt import Prompt, shortened
from rag.llm.words import Words
from rag.privacy.finder import PersonalDataFinder
from rag.query import Query, Turn

TEMPLATE = "rewrite_prompt.jinja"
KEPT_TURNS = 4
"""Two questions with their answers: a third one back is seldom what a follow-up is about."""


class RewritePromptWriter:
    """Writes prompts whose beginnings are the same bytes for all conversations in Chinese, and for all others."""

    def __init__(self, finder: PersonalDataFinder | None = None) -> None:
        """What ``finder`` finds is masked; nothing without one."""
        self._finder = finder
        self._words = Words(TEMPLATE)
        self._rules = self._words.say("system")
        self._example = self._words.say("example_question"), self._words.say("example_answer")
        self._chinese_example = self._words.say("chinese_example_question"), self._words.say("chinese_example_answer")

    def prompt(self, query: Query) -> Prompt:
        """The prompt for ``query``: the last turns, then its text, each on one marked line and made harmless."""
        turns = [turn for turn in query.history if turn.role != "system" and turn.text.strip()][-KEPT_TURNS:]
        hidden = hide(self._finder, [*(turn.text for turn in turns), query.text])
        *earlier, last = [_line(turn.role, text) for turn, text in zip([*turns, Turn("user", "")], hidden.texts, strict=True)]
        user = self._words.say("user", earlier, last)
        example = self._chinese_example if query.written_language == "zh" else self._example
        return Prompt(self._rules, user, example=example, originals=hidden.originals)


def _line(role: str, text: str) -> str:
    """A turn in one line: no text of a shopper or an assistant can begin a line that has no mark."""
    speaker = "Customer" if role == "user" else "Assistant"
    return f"{LINE_MARK}{speaker}: {shortened(text)}"
