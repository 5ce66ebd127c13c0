"""What of a conversation reaches a language model, and what becomes of its answer."""

from collections.abc import Iterator

import pytest

from rag.llm.rewrite_prompt import RewritePromptWriter
from rag.llm.rewriter import LlmRewriter
from rag.privacy.finder import finder_of
from rag.privacy.phone import DEFAULT_REGIONS
from rag.query import Query, Turn
from tests.fake_llm.server import FakeLlm
from tests.rag.llm.asking import chat, drafts, query
from tests.rag.llm.shop import hit

FINDER = finder_of(DEFAULT_REGIONS)
PHONE, MAIL = "138 1234 5678", "li@mail.example"
HISTORY = (Turn("user", f"我的电话是{PHONE}，能退货吗"), Turn("assistant", f"可以，我们会联系{PHONE}。[1]"))
SECRETS = ("1234", "5678", MAIL)


@pytest.fixture
def llm() -> Iterator[FakeLlm]:
    with FakeLlm("You can return it. [1]") as fake:
        yield fake


def asked() -> Query:
    return query(10, f"Can you mail the label to {MAIL}, or call 138\u200b12345678?", history=HISTORY)


def sent(llm: FakeLlm) -> str:
    return str([request.body for request in llm.requests])


async def test_the_model_sees_placeholders_in_question_and_history(llm: FakeLlm) -> None:
    async with chat(llm, finder=FINDER) as opened:
        await drafts(opened, asked())
    assert not any(secret in sent(llm) for secret in SECRETS)
    assert "我的电话是[phone]，能退货吗" in sent(llm) and "mail the label to [e-mail], or call [phone]?" in sent(llm)


async def test_without_a_finder_it_sees_all(llm: FakeLlm) -> None:
    async with chat(llm) as opened:
        await drafts(opened, asked())
    assert all(secret in sent(llm) for secret in SECRETS)


async def test_a_number_cut_off_with_its_turn_is_masked_first(llm: FakeLlm) -> None:
    history = (Turn("user", "word " * 58 + "call 2127365000 now"),)
    async with chat(llm, finder=FINDER) as opened:
        await drafts(opened, query(10, "And returns?", history=history))
    assert "21273" not in sent(llm)


async def test_the_drafts_hold_what_the_shopper_wrote(llm: FakeLlm) -> None:
    llm.answer = "We write to [e-mail]. [1] We call [Phone]. [1] Not [phone 7]. [1]"
    async with chat(llm, finder=FINDER) as opened:
        texts = [draft.text for draft in await drafts(opened, asked())]
    assert texts == [f"We write to {MAIL}.", f"We call {PHONE}.", "Not [phone 7]."]


async def test_contacts_of_the_passages_are_nobodys_secret(llm: FakeLlm) -> None:
    from rag.llm.prompt import PromptWriter

    contact = hit("contact.md", "Contact", "Call us on +49 30 2312 5123 or write to service@shop.example.")
    writer = PromptWriter(b"secret", finder=FINDER)
    prompt = next(writer.prompts(query(10, "Is 030 23125123 still your number? Mine is 030 23125124."), [contact]))
    assert prompt.user.endswith("Question: Is 030 23125123 still your number? Mine is [phone].")


async def test_a_rewriting_is_asked_for_without_and_searched_for_with_what_was_masked(llm: FakeLlm) -> None:
    history = (Turn("user", f"Did you write to {MAIL} about the filter of my Rovo 310?"), Turn("assistant", "Yes, twice."))
    follow_up = query(10, f"and {MAIL} about the 320?", history=history)
    llm.answer = "Did you write to [e-mail] about the filter of my Rovo 320?"
    async with chat(llm, finder=FINDER) as opened:
        rewriting = await LlmRewriter(opened.model, RewritePromptWriter(FINDER), seconds=10).rewrite(follow_up)
    assert MAIL not in sent(llm) and "[e-mail]" in sent(llm)
    assert rewriting.by_model in (None, f"Did you write to {MAIL} about the filter of my Rovo 320?")
    assert "[e-mail]" not in f"{rewriting.by_rules}{rewriting.by_model}"
