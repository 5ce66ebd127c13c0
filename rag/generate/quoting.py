"""The quoting generator: a language model chooses, among the passages' own sentences, those that answer.

The decoder is held to a grammar that knows nothing but these sentences, so that even a model of little sense writes nothing that
stands in no document. It may not refuse: whether anything answers was decided before it is asked.
"""

from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing

from rag.answer import Generator, Usage
from rag.draft import Cut, Draft, Evidence, ScoredUnit
from rag.generate.extractive import MARGIN, separator_between, support_of
from rag.llm.chat_model import ChatModel
from rag.llm.completion import Finish
from rag.llm.grammar import quoted_grammar
from rag.llm.prompt import Prompt, PromptWriter
from rag.llm.token_budget import TokenBudget
from rag.privacy.masker import unmask
from rag.query import Query
from rag.verify.claim import split_claims

OFFERED = 12
"""Sentences to choose from, at most: those that the extractive generator would consider. An unlikely one need not tempt the model."""
MOST_CHARACTERS = 600
"""A sentence longer than that is not offered: it would use up the answer."""


class QuotingGenerator:
    """Drafts that are quotes, each with its passage. What a server writes that ignores the grammar is a claim, and must be verified."""

    def __init__(self, name: str, model: ChatModel, writer: PromptWriter, budget: TokenBudget) -> None:
        """``name`` is the model's, for the label ``chat:NAME``."""
        self.label = Generator(f"chat:{name}")
        self._model = model
        self._writer = writer
        self._budget = budget

    async def generate(self, query: Query, evidence: Evidence) -> AsyncGenerator[Draft | Usage | Cut]:
        """Each sentence as soon as its line is complete; the `Usage` last. Nothing where there is no sentence to offer.

        Raises:
            GenerationError: the model failed or is known to be down, or the question does not fit into its context.
        """
        self._model.breaker.admit()
        prompt = await self._budget.fit(self._writer.prompts(query, evidence.hits), query.deadline)
        offered = _offered(evidence, prompt)
        if not offered:
            return
        grammar = quoted_grammar(offered)
        lines, drafts = _Lines(), _Drafts(offered, prompt, query.spoken_language)
        written = self._model.stream(prompt, query.audience, query.deadline, grammar, writing=query.writing)
        async with aclosing(written) as pieces:
            async for piece in pieces:
                if isinstance(piece, Usage):
                    yield piece
                    return
                complete = lines.finish(piece.complete) if isinstance(piece, Finish) else lines.feed(piece)
                for line in complete:
                    for draft in drafts.of(line):
                        yield draft
                if isinstance(piece, Finish) and not piece.complete:
                    yield Cut()


class _Drafts:
    """What the lines of one answer say."""

    def __init__(self, offered: Mapping[str, ScoredUnit], prompt: Prompt, language: str) -> None:
        self._offered = offered
        self._prompt = prompt
        self._language = language
        self._previous: ScoredUnit | None = None

    def of(self, line: str) -> Iterator[Draft]:
        """The sentence that was offered; claims to be verified where no grammar held."""
        scored = self._offered.get(line.strip())
        if scored is not None:
            yield self._quote(scored)
        else:
            yield from self._claims(line)

    def _quote(self, scored: ScoredUnit) -> Draft:
        separator = "" if self._previous is None else separator_between(scored, self._previous)
        self._previous = scored
        return Draft(scored.unit.text, ((scored.unit.hit, scored.unit.text),), support_of(scored), separator)

    def _claims(self, line: str) -> Iterator[Draft]:
        for claim in split_claims(line, self._language):
            text = unmask(claim.text, self._prompt.originals)
            yield Draft(text, separator=claim.separator or "\n", cited=self._prompt.cited(claim.cited))


class _Lines:
    """The lines of a text that comes in pieces."""

    def __init__(self) -> None:
        self._rest = ""

    def feed(self, piece: str) -> list[str]:
        """The lines that ``piece`` completes."""
        *complete, self._rest = (self._rest + piece).split("\n")
        return [line for line in complete if line.strip()]

    def finish(self, complete: bool) -> list[str]:
        """The last line, unless the text was cut off."""
        return [self._rest] if complete and self._rest.strip() else []


def _offered(evidence: Evidence, prompt: Prompt) -> dict[str, ScoredUnit]:
    """The best units whose passages are in the prompt, by the line that quotes them: their text in one line and the passage's marker."""
    numbers = {hit.passage.id: number for number, hit in enumerate(prompt.hits, 1)}
    offered: dict[str, ScoredUnit] = {}
    for scored in evidence.units:
        if len(offered) == OFFERED or scored.score < evidence.units[0].score - MARGIN:
            break
        text = " ".join(scored.unit.text.split())
        number = numbers.get(scored.unit.hit.passage.id)
        if number is not None and 0 < len(text) <= MOST_CHARACTERS:
            offered.setdefault(f"{text} [{number}]", scored)
    return offered
