from collections.abc import AsyncIterator, Iterator
from datetime import date

import httpx
import pytest

from kb.errors import GenerationError
from rag.llm.prompt import Prompt, PromptWriter
from rag.llm.token_budget import RECHECK_SECONDS, TokenBudget
from rag.query import Query
from tests.fake_llm import sse
from tests.fake_llm.faults import Fault
from tests.fake_llm.server import FakeLlm
from tests.rag.llm.shop import hit

WRITER = PromptWriter(b"secret")
HITS = [hit("a.md", f"T{number}", "word " * 100, number * 1000, float(number)) for number in range(1, 9)]


@pytest.fixture
def llm() -> Iterator[FakeLlm]:
    with FakeLlm() as fake:
        yield fake


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(verify=False, trust_env=False) as client:
        yield client


def prompts() -> Iterator[Prompt]:
    return WRITER.prompts(Query("How long?", date(2026, 11, 25)), HITS)


async def test_a_prompt_that_fits_costs_one_call(llm: FakeLlm, http: httpx.AsyncClient) -> None:
    budget = TokenBudget(http, llm.base_url, "fake", "key", 512, 1.0)
    assert len((await budget.fit(prompts())).hits) == 8
    assert [(request.path, request.headers["authorization"]) for request in llm.requests] == [("/tokenize", "Bearer key")]
    assert set(llm.requests[0].body) == {"model", "messages"}


async def test_the_passages_that_fit_by_the_servers_count_are_kept(llm: FakeLlm, http: httpx.AsyncClient) -> None:
    budget = TokenBudget(http, llm.base_url, "fake", None, 100, 1.0)
    sizes = [len(sse.tokens_of("".join(message["content"] for message in prompt.messages))) for prompt in prompts()]
    llm.max_model_len = sizes[4] + 100
    fitted = await budget.fit(prompts())
    assert [one.score for one in fitted.hits] == [5.0, 6.0, 7.0, 8.0]
    assert len(llm.requests) <= 3


async def test_what_fits_even_byte_by_byte_is_not_counted_again(llm: FakeLlm, http: httpx.AsyncClient) -> None:
    now = [0.0]
    budget = TokenBudget(http, llm.base_url, "fake", None, 100, 1.0, clock=lambda: now[0])
    llm.max_model_len = 1 << 20
    assert len((await budget.fit(prompts())).hits) == len((await budget.fit(prompts())).hits) == 8
    assert len(llm.requests) == 1
    now[0] += RECHECK_SECONDS  # another model may be served there by now
    await budget.fit(prompts())
    assert len(llm.requests) == 2


async def test_what_might_not_fit_is_counted_each_time(llm: FakeLlm, http: httpx.AsyncClient) -> None:
    budget = TokenBudget(http, llm.base_url, "fake", None, 100, 1.0)
    longest = next(iter(prompts()))
    llm.max_model_len = sum(len(message["content"].encode()) for message in longest.messages) + 100
    await budget.fit([longest])
    await budget.fit([longest])
    assert len(llm.requests) == 2


async def test_a_question_that_does_not_fit_is_an_error(llm: FakeLlm, http: httpx.AsyncClient) -> None:
    llm.max_model_len = 150
    with pytest.raises(GenerationError, match=r"do not fit into the language model's context \(150 tokens, of which 100"):
        await TokenBudget(http, llm.base_url, "fake", None, 100, 1.0).fit(prompts())


async def test_without_tokenize_the_given_context_counts(llm: FakeLlm, http: httpx.AsyncClient) -> None:
    llm.has_tokenize = False
    now = [0.0]
    budget = TokenBudget(http, llm.base_url, "fake", None, 100, 1.0, context=1000, clock=lambda: now[0])
    kept = len((await budget.fit(prompts())).hits)
    assert 0 < kept < 8
    await budget.fit(prompts())
    assert len(llm.requests) == 1, "a server that has no /tokenize is not asked again at once"
    now[0] += RECHECK_SECONDS
    await budget.fit(prompts())
    assert len(llm.requests) == 2


async def test_a_server_that_cannot_be_asked_does_not_stop_the_question(llm: FakeLlm, http: httpx.AsyncClient) -> None:
    llm.fault = Fault.REFUSE
    budget = TokenBudget(http, llm.base_url, "fake", None, 100, 1.0)
    assert (await budget.fit(prompts())).hits
