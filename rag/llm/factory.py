"""Opens the chat generator over one server: client, prompt, budget and breaker, wired together."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from rag.canary import Canary
from rag.draft import AnswerGenerator
from rag.generate.chat import ChatGenerator
from rag.generate.quoting import QuotingGenerator
from rag.llm.chat_model import ChatModel
from rag.llm.client import LlmClient, open_client
from rag.llm.prompt import PromptWriter
from rag.llm.timeouts import Timeouts
from rag.llm.token_budget import DEFAULT_CONTEXT, TokenBudget
from rag.privacy.finder import PersonalDataFinder

MAX_TOKENS = 512
Style: TypeAlias = Literal["free", "marked", "quoted"]
"""What the model may write: its own sentences, those with a marker each, or none but the passages' sentences."""


@dataclass(frozen=True, slots=True)
class OpenedChat:
    """The generator, and what stands behind it. ``model.breaker.is_open`` tells whether the model is known to be down.

    ``canary`` stands in the model's ``rules``; neither it nor a whole rule may stand in an answer. ``budget`` tells
    which prompt fits.
    """

    generator: AnswerGenerator
    model: ChatModel
    client: LlmClient
    canary: Canary
    rules: str
    budget: TokenBudget

    async def aclose(self) -> None:
        """Stop probing and close every connection, in the event loop in which the generator was used."""
        await self.model.aclose()
        await self.client.aclose()


def open_chat_generator(
    base_url: str,
    model: str,
    api_key: str | None,
    secret: bytes,
    timeouts: Timeouts | None = None,
    *,
    max_tokens: int = MAX_TOKENS,
    context: int = DEFAULT_CONTEXT,
    temperature: float = 0.0,
    cache_salt: bool = True,
    style: Style = "free",
    finder: PersonalDataFinder | None = None,
) -> OpenedChat:
    """The chat generator for ``model`` at ``base_url`` (``http://127.0.0.1:8100/v1``). Needs no running loop; connects when first asked.

    ``secret`` must be the same for all replicas and over restarts, or they do not share vLLM's prefix cache. ``max_tokens`` bounds an
    answer. ``context`` (tokens) counts for servers without ``/tokenize``; ``cache_salt=False`` is for those that refuse unknown fields.
    A ``style`` other than ``free`` needs a server that decodes by a grammar, as vLLM does. What ``finder`` finds in shoppers' questions
    is masked.
    """
    base_url = base_url.rstrip("/")
    times = timeouts or Timeouts()
    client = open_client(base_url, model, api_key, times, max_tokens, temperature)
    writer = PromptWriter(secret, quoting=style == "quoted", finder=finder)
    chat = ChatModel(client.chat, writer.probe(), secret, times, cache_salt, max_tokens)
    budget = TokenBudget(client.http, base_url, model, api_key, max_tokens, times.tokenize, context)
    generator: AnswerGenerator
    if style == "quoted":
        generator = QuotingGenerator(model, chat, writer, budget)
    else:
        generator = ChatGenerator(model, chat, writer, budget, marked=style == "marked")
    return OpenedChat(generator, chat, client, writer.canary, writer.rules, budget)
