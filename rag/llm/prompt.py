"""What is said to the language model. All of its words stand in ``answer_prompt.jinja``; this file only fills them in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kb.passage import Passage
from kb.search import Hit
from kb.text.tokens import estimate_tokens
from rag.canary import Canary
from rag.llm.fence import Fence
from rag.llm.hidden import hide
from rag.llm.words import Words
from rag.privacy.finder import PersonalDataFinder
from rag.query import Query, Turn
from rag.verify.claim import MARKER

TEMPLATE = "answer_prompt.jinja"
KEPT_TURNS = 2
TURN_CHARACTERS = 300
INSTRUCTION_CHARACTERS = 2000
"""Of what the caller's front end tells the model about tone and form: some 500 tokens, an eighth of a small model's context."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt. ``hits[n - 1]`` is the passage whose marker is ``[n]``. ``example`` is what was said before: a
    question with its answer, several of them, or nothing.

    ``originals``: what the placeholders in it stand for; the model is not told.
    """

    system: str
    user: str
    hits: tuple[Hit, ...] = ()
    example: tuple[str, ...] = ()
    originals: Mapping[str, str] = field(default_factory=dict)

    @property
    def messages(self) -> list[dict[str, str]]:
        """As OpenAI's ``messages``. Roles take turns, because some chat templates refuse a user message after another."""
        roles = ("system", *(("user", "assistant")[place % 2] for place in range(len(self.example))), "user")
        texts = (self.system, *self.example, self.user)
        return [{"role": role, "content": text} for role, text in zip(roles, texts, strict=True)]

    def cited(self, numbers: Sequence[int]) -> tuple[Hit, ...]:
        """The passages that the markers ``numbers`` mean; a number that no passage has means none."""
        return tuple(self.hits[number - 1] for number in numbers if 1 <= number <= len(self.hits))

    @property
    def estimated_tokens(self) -> int:
        """About how many tokens it is."""
        return sum(estimate_tokens(message["content"]) for message in self.messages)


@dataclass(frozen=True, slots=True)
class _FencedPassage:
    number: int
    tag: str
    lines: list[str]


class PromptWriter:
    """Writes prompts whose beginnings are the same bytes as often as possible, so that vLLM's prefix cache is hit.

    The rules and the example come first and never change; then the passages, in the order of their documents, not of their
    scores; then what is new in every request: the conversation and the question.
    """

    def __init__(self, secret: bytes, quoting: bool = False, finder: PersonalDataFinder | None = None) -> None:
        """``secret`` keys the fences around passages and the canary in the rules.

        ``quoting`` asks for sentences of the passages instead of the model's own. What ``finder`` finds in the conversation, and not
        in the passages, is masked; nothing without one.
        """
        self._finder = finder
        self._quoting = quoting
        self._words = Words(TEMPLATE)
        self._fence = Fence(secret)
        self.canary = Canary(secret)
        self._rules = self._words.say("system_quoting" if quoting else "system", self.canary.word)

    @property
    def rules(self) -> str:
        """What the model is told before anything else, a rule a line; no answer may repeat one."""
        return self._rules

    @property
    def refusal(self) -> str:
        """What the model is told to write when the passages do not answer."""
        return self._words.say("refusal")

    def prompts(self, query: Query, hits: Sequence[Hit]) -> Iterator[Prompt]:
        """Prompts from the fullest to the shortest: with all ``hits``, then each time without the one that scored least.

        The last one holds the best hit alone and nothing of the conversation. What the caller's front end says about tone and form
        stands below our rules, where it is the same for all its requests; a model that quotes is not told.
        """
        best = sorted(hits, key=lambda hit: -hit.score)
        turns = [turn for turn in query.history if turn.role != "system" and turn.text.strip()][-KEPT_TURNS:]
        told = "" if self._quoting else instructions_in(query.history)
        texts = [told, *(turn.text for turn in turns), query.text]
        hidden = hide(self._finder, texts, [hit.passage.encoded_text for hit in hits])
        told, *texts, question = hidden.texts
        rules = f"{self._rules}\n\n{self._words.say('instructions', told)}" if told else self._rules
        spoken = [Turn(turn.role, shortened(text)) for turn, text in zip(turns, texts, strict=True)]
        for count in range(len(best), 0, -1):
            yield self._prompt(rules, question, best[:count], spoken, hidden.originals)
        if turns or told:
            yield self._prompt(self._rules, question, best[:1], [], hidden.originals)

    def probe(self) -> Prompt:
        """The shortest prompt that is one: to learn whether the model answers at all."""
        return Prompt(self._rules, self._words.say("probe"))

    def _prompt(self, rules: str, question: str, hits: Sequence[Hit], turns: Sequence[Turn], originals: Mapping[str, str]) -> Prompt:
        ordered = tuple(sorted(hits, key=_place))
        fenced = [self._fenced(number, hit.passage) for number, hit in enumerate(ordered, 1)]
        example = self._words.say("example_question"), self._words.say("example_answer")
        return Prompt(rules, self._words.say("user", fenced, turns, question.strip()), ordered, example, originals)

    def _fenced(self, number: int, passage: Passage) -> _FencedPassage:
        return _FencedPassage(number, self._fence.tag(passage), self._fence.lines(passage))


def _place(hit: Hit) -> tuple[str, str, int, str]:
    return hit.source, hit.document, hit.passage.start, hit.passage.id


def instructions_in(history: Sequence[Turn]) -> str:
    """What the messages of the role ``system`` say, the first part of it where it is long."""
    return "\n".join(turn.text.strip() for turn in history if turn.role == "system")[:INSTRUCTION_CHARACTERS].strip()


def shortened(text: str) -> str:
    """``text`` in one line, without the markers of its own answer: the same numbers mean other passages now."""
    text = " ".join(MARKER.sub("", text).split())
    return text if len(text) <= TURN_CHARACTERS else f"{text[:TURN_CHARACTERS].rstrip()} …"
