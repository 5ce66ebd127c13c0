"""What is said to the language model without any passage. All of its words stand in ``plain_prompt.jinja``."""

from collections.abc import Iterator, Sequence

from rag.canary import Canary
from rag.llm.hidden import hide
from rag.llm.prompt import Prompt, instructions_in
from rag.llm.words import Words
from rag.privacy.finder import PersonalDataFinder
from rag.query import Query, Turn

TEMPLATE = "plain_prompt.jinja"


class PlainPromptWriter:
    """Writes prompts of a conversation alone."""

    def __init__(self, canary: Canary, finder: PersonalDataFinder | None = None) -> None:
        """``canary`` stands in the rules. What ``finder`` finds in the conversation is masked; nothing without one."""
        self._finder = finder
        self._words = Words(TEMPLATE)
        self._rules = self._words.say("system", canary.word)

    def prompts(self, query: Query) -> Iterator[Prompt]:
        """Prompts from the fullest to the shortest: each time the older half of the conversation is dropped, the question never."""
        told = instructions_in(query.history)
        turns = _alternating(query.history)
        hidden = hide(self._finder, [told, *(turn.text for turn in turns), query.text])
        told, *texts, question = hidden.texts
        rules = f"{self._rules}\n\n{self._words.say('instructions', told)}" if told else self._rules
        kept = len(texts)
        while kept:
            yield Prompt(rules, question, example=tuple(texts[-kept:]), originals=hidden.originals)
            kept = kept // 4 * 2  # pairs of a question and its answer
        yield Prompt(rules, question, originals=hidden.originals)


def _alternating(history: Sequence[Turn]) -> list[Turn]:
    """The turns as question, answer, question, answer: several by one side in a row are one, and what has no counterpart is dropped."""
    turns: list[Turn] = []
    for turn in history:
        if turn.role == "system" or not turn.text.strip() or (not turns and turn.role == "assistant"):
            continue
        if turns and turns[-1].role == turn.role:
            turns[-1] = Turn(turn.role, f"{turns[-1].text}\n{turn.text}")
        else:
            turns.append(turn)
    return turns[: len(turns) // 2 * 2]
