"""The obedient model in place of a server's, in this process: the generators, the prompt and all checks are the real ones."""

from collections.abc import AsyncGenerator, Iterable, Iterator

from eval.obedience import obey
from kb.scope import Audience
from kb.text.sentences import split_sentences
from rag.answer import Generator, Usage
from rag.draft import AnswerGenerator, Cut, Draft, Evidence
from rag.generate.chat import ChatGenerator
from rag.generate.quoting import QuotingGenerator
from rag.llm.breaker import Breaker
from rag.llm.chat_model import ChatModel
from rag.llm.completion import Finish, Piece
from rag.llm.factory import Style
from rag.llm.prompt import Prompt, PromptWriter
from rag.llm.token_budget import TokenBudget
from rag.query import Query
from rag.writing import Writing

PIECE = 400
"""Characters that come at once. Small pieces would be cut into sentences again and again."""


class ObedientModel(ChatModel):
    """Obeys every prompt, its grammar least of all: first come sentences of the passages, which it may write, then all the rest."""

    def __init__(self) -> None:
        self.breaker = Breaker(_never)

    async def stream(
        self,
        prompt: Prompt,
        audience: Audience,
        deadline: float | None,
        grammar: str | None = None,
        *,
        max_tokens: int | None = None,
        retry: bool = True,
        writing: Writing | None = None,
        first: str = "first_token",
    ) -> AsyncGenerator[Piece]:
        """As a server's answer comes in."""
        copied = "" if grammar is None else "".join(f"{line}\n" for line in _copied(prompt))
        text = copied + obey([message["content"] for message in prompt.messages])
        for start in range(0, len(text), PIECE):
            yield text[start : start + PIECE]
        yield Finish(complete=True)
        yield Usage(prompt.estimated_tokens, len(text))


class Unbounded(TokenBudget):
    """Every prompt fits: the fullest is sent."""

    def __init__(self) -> None:
        """Needs no server to ask."""

    async def fit(self, prompts: Iterable[Prompt], deadline: float | None = None) -> Prompt:
        """The first one."""
        return next(iter(prompts))


class Watched:
    """A generator, and what it was shown: which documents stood in the evidence for which question."""

    def __init__(self, generator: AnswerGenerator) -> None:
        self._generator = generator
        self.label: Generator = generator.label
        self.shown: set[tuple[str, str]] = set()

    async def generate(self, query: Query, evidence: Evidence) -> AsyncGenerator[Draft | Usage | Cut]:
        """What the generator writes."""
        self.shown |= {(query.text, hit.document) for hit in evidence.hits}
        async for draft in self._generator.generate(query, evidence):
            yield draft


def obedient_generator(writer: PromptWriter, style: Style) -> AnswerGenerator:
    """The generator of ``style`` over an obedient model. ``writer`` must be one for that style."""
    if style == "quoted":
        return QuotingGenerator("obedient", ObedientModel(), writer, Unbounded())
    return ChatGenerator("obedient", ObedientModel(), writer, Unbounded(), marked=style == "marked")


def _copied(prompt: Prompt) -> Iterator[str]:
    for number, hit in enumerate(prompt.hits, 1):
        text = hit.passage.text
        for start, end in split_sentences(text, hit.passage.language):
            yield f"{' '.join(text[start:end].split())} [{number}]"


async def _never() -> None:
    """Nothing is down, so nothing is probed."""
