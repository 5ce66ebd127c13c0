"""What is said to the language model to make a question stand alone. All of its words stand in ``rewrite_prompt.jinja``."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kb.text.languages import detect_language
from rag.llm.fence import LINE_MARK, harmless
from rag.llm.prompt import Prompt
from rag.query import Query, Turn
from rag.verify.claim import MARKER

TEMPLATE = "rewrite_prompt.jinja"
KEPT_TURNS = 4
"""Two questions with their answers: a third one back is seldom what a follow-up is about."""
TURN_CHARACTERS = 300


class RewritePromptWriter:
    """Writes prompts whose beginnings are the same bytes for all conversations in Chinese, and for all others."""

    def __init__(self) -> None:
        loader = FileSystemLoader(Path(__file__).parent)
        environment = Environment(loader=loader, undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True)
        self._words = environment.get_template(TEMPLATE).module
        self._rules = self._say("system")
        self._example = self._say("example_question"), self._say("example_answer")
        self._chinese_example = self._say("chinese_example_question"), self._say("chinese_example_answer")

    def prompt(self, query: Query) -> Prompt:
        """The prompt for ``query``: the last turns, then its text, each on one marked line and made harmless."""
        turns = [turn for turn in query.history if turn.role != "system" and turn.text.strip()][-KEPT_TURNS:]
        user = self._say("user", [_line(turn) for turn in turns], _line(Turn("user", query.text)))
        example = self._chinese_example if detect_language(query.text) == "zh" else self._example
        return Prompt(self._rules, user, example=example)

    def _say(self, macro: str, *values: object) -> str:
        return str(getattr(self._words, macro)(*values)).strip()


def _line(turn: Turn) -> str:
    """``turn`` in one line: no text of a shopper or an assistant can begin a line that has no mark."""
    speaker = "Customer" if turn.role == "user" else "Assistant"
    text = " ".join(MARKER.sub("", harmless(turn.text)).split())
    return f"{LINE_MARK}{speaker}: {text if len(text) <= TURN_CHARACTERS else f'{text[:TURN_CHARACTERS].rstrip()} …'}"
