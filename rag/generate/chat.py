"""The chat generator: a language model writes the sentences, and says from which passages it has them."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing

from kb.text.tokens import estimate_tokens
from rag.answer import Generator, Usage
from rag.draft import Cut, Draft, Evidence
from rag.generate.sentence_stream import SentenceStream
from rag.llm.chat_model import ChatModel
from rag.llm.completion import Finish
from rag.llm.grammar import marked_grammar
from rag.llm.prompt import Prompt, PromptWriter
from rag.llm.token_budget import TokenBudget
from rag.privacy.masker import unmask
from rag.query import Query
from rag.verify.claim import Claim

MAX_REPEATS = 2


class ChatGenerator:
    """Drafts by a language model. What it writes is not to be trusted: each draft must be verified."""

    def __init__(self, name: str, model: ChatModel, writer: PromptWriter, budget: TokenBudget, marked: bool = False) -> None:
        """``name`` is the model's, for the label ``chat:NAME``. With ``marked`` the decoder is made to end each sentence in a marker."""
        self.label = Generator(f"chat:{name}")
        self._model = model
        self._writer = writer
        self._budget = budget
        self._marked = marked

    async def generate(self, query: Query, evidence: Evidence) -> AsyncGenerator[Draft | Usage | Cut]:
        """Each sentence as soon as it is complete, with the hits whose markers stand beside it; the `Usage` last.

        A marker with a number that no passage has is ignored. What was said before is not said again, and a model that only repeats
        itself is stopped. Where the answer ran into the limit on its length, its last sentence is dropped, for it is none, and what
        was complete before stands.

        Raises:
            GenerationError: the model failed or is known to be down, or the question does not fit into its context.
        """
        self._model.breaker.admit()
        prompt = await self._budget.fit(self._writer.prompts(query, evidence.hits), query.deadline)
        grammar = marked_grammar(len(prompt.hits), self._writer.refusal) if self._marked else None
        sentences = SentenceStream(query.spoken_language)
        said = _Said()
        written = self._model.stream(prompt, query.audience, query.deadline, grammar, writing=query.writing)
        async with aclosing(written) as pieces:
            async for piece in pieces:
                if isinstance(piece, Usage):
                    yield piece
                    return
                claims = sentences.finish(piece.complete) if isinstance(piece, Finish) else sentences.feed(piece)
                for claim in said.new_ones(claims):
                    yield _draft(claim, prompt)
                if isinstance(piece, Finish) and not piece.complete:
                    yield Cut()
                if said.only_repeats:
                    break
        yield Usage(prompt.estimated_tokens, said.estimated_tokens)


class _Said:
    """The sentences of one answer so far."""

    def __init__(self) -> None:
        self._texts: set[str] = set()
        self._repeated = 0
        self.estimated_tokens = 0

    def new_ones(self, claims: list[Claim]) -> Iterator[Claim]:
        """Those of ``claims`` that were not said before."""
        for claim in claims:
            self.estimated_tokens += estimate_tokens(claim.text)
            self._repeated = self._repeated + 1 if claim.text in self._texts else 0
            if self._repeated == 0:
                self._texts.add(claim.text)
                yield claim

    @property
    def only_repeats(self) -> bool:
        """Whether the last sentences were all said before. Small models fall into such a loop, and would go on up to the limit."""
        return self._repeated >= MAX_REPEATS


def _draft(claim: Claim, prompt: Prompt) -> Draft:
    return Draft(unmask(claim.text, prompt.originals), separator=claim.separator, cited=prompt.cited(claim.cited))
