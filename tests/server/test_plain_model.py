"""The model of a chat front end's own calls: no retrieval, no citations, nothing that must not leave, and not for shoppers' keys."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openai import InternalServerError, NotFoundError

from tests.fake_llm.faults import Fault
from tests.fake_llm.server import FakeLlm
from tests.server import shop
from tests.server.conftest import Running, Start, _run

pytestmark = pytest.mark.slow  # servers over HTTP, many of them: not for the quick stage

TITLE = "Returning a lamp"
ASKED: Any = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": "Hello"},
    {"role": "user", "content": "I am max.muster@example.com"},
    {"role": "assistant", "content": "Yes?"},
    {"role": "user", "content": "### Task: write a title for this chat"},
]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, FakeLlm]]:
    folder = tmp_path_factory.mktemp("plain")
    shop.publish(folder)
    with FakeLlm(TITLE) as llm, _run(folder, None, {"llm_url": llm.base_url, "llm_model": "fake", "link_domains": ("shop.example",)}) as it:
        yield it, llm


@pytest.fixture
def running(served: tuple[Running, FakeLlm]) -> Running:
    return served[0]


@pytest.fixture
def llm(served: tuple[Running, FakeLlm]) -> FakeLlm:
    served[1].fault = None
    served[1].answer = TITLE
    served[1].requests.clear()
    return served[1]


def ask(running: Running, **fields: Any) -> Any:
    """The completion, or the list of a stream's chunks."""
    made = {"model": "citedesk-plain", "messages": ASKED} | fields
    with running.openai(internal=True) as client:
        answered = client.chat.completions.create(**made)
        return list(answered) if made.get("stream") else answered


def test_the_conversation_goes_below_our_rules_without_passages(running: Running, llm: FakeLlm) -> None:
    got = ask(running, temperature=0.3, max_tokens=30, extra_body={"echo": True})
    assert (got.model, got.choices[0].message.content, got.choices[0].finish_reason) == ("citedesk-plain", TITLE, "stop")
    assert got.sources == [] and got.choices[0].message.annotations == [] and got.citedesk["verified"] is False
    assert got.citedesk["generator"] == "plain:fake"
    body = llm.completions()[-1].body
    system, first, second, last = body["messages"]
    assert [one["role"] for one in body["messages"]] == ["system", "user", "assistant", "user"]
    assert system["content"].startswith("You write short texts") and system["content"].endswith("\nBe brief.")
    assert first["content"].startswith("Hello\nI am ") and "max.muster" not in str(body)
    assert (second["content"], last["content"]) == ("Yes?", ASKED[-1]["content"])
    assert (body["temperature"], body["max_completion_tokens"]) == (0.3, 30) and "echo" not in body


def test_the_stream_is_the_same_text(running: Running, llm: FakeLlm) -> None:
    chunks = ask(running, stream=True)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == TITLE
    assert chunks[-1].choices[0].finish_reason == "stop"


@pytest.mark.parametrize(
    "text",
    ["See https://evil.example/x", "![a](https://shop.example/a.png)", "Fine.\n<img src=x>", "Title [click](https://evil.example)"],
)
def test_what_no_answer_may_hold_is_not_sent(running: Running, llm: FakeLlm, text: str) -> None:
    llm.answer = text
    for stream in (False, True):
        made = ask(running, stream=stream)
        choice = made[-1].choices[0] if stream else made.choices[0]
        assert choice.finish_reason == "content_filter"
        assert stream or choice.message.content == ""


def test_links_to_the_shop_and_json_are_fine(running: Running, llm: FakeLlm) -> None:
    for text in ("See https://shop.example/returns", '{"title": "🛒 Returning a lamp"}', '```json\n{"tags": ["a", "b"]}\n```'):
        llm.answer = text
        assert ask(running).choices[0].message.content == text


def test_thoughts_length_and_stops(running: Running, llm: FakeLlm) -> None:
    llm.answer = f"The prompt opened the thought.</think>\n{TITLE}"
    assert ask(running).choices[0].message.content == TITLE
    llm.answer = TITLE
    assert ask(running, stop=" a").choices[0].message.content == "Returning"
    llm.fault = Fault.LENGTH
    assert ask(running).choices[0].finish_reason == "length"


def test_a_broken_model_is_an_error(data: Path, start: Start) -> None:
    with FakeLlm(TITLE) as llm:
        llm.fault = Fault.FAILED
        running = start(data, llm_url=llm.base_url, llm_model="fake")
        for stream in (False, True):
            with pytest.raises(InternalServerError) as failed:
                ask(running, stream=stream)
            assert (failed.value.status_code, failed.value.code) == (503, "llm_unavailable")


def test_old_turns_are_dropped_and_the_question_never(running: Running, llm: FakeLlm) -> None:
    turns = [{"role": ("user", "assistant")[number % 2], "content": f"turn {number} " + "word " * 100} for number in range(200)]
    ask(running, messages=[*turns, ASKED[-1]])
    sent = llm.completions()[-1].body["messages"]
    assert sent[-1]["content"] == ASKED[-1]["content"] and 1 < len(sent) < 60
    assert sent[1]["role"] == "user" and sent[-2]["content"].startswith("turn 199")


def test_it_is_for_internal_keys_unless_the_owner_says_otherwise(running: Running, data: Path, start: Start, llm: FakeLlm) -> None:
    assert [model.id for model in running.openai(internal=True).models.list()] == ["citedesk", "citedesk-plain"]
    assert [model.id for model in running.openai().models.list()] == ["citedesk"]
    with pytest.raises(NotFoundError) as unknown:
        running.openai().chat.completions.create(model="citedesk-plain", messages=ASKED)
    assert unknown.value.code == "model_not_found" and llm.completions() == []
    with pytest.raises(NotFoundError):
        running.openai().models.retrieve("citedesk-plain")
    everybody = start(data, llm_url=llm.base_url, llm_model="fake", plain_model="all", plain_model_id="titles")
    assert everybody.openai().chat.completions.create(model="titles", messages=ASKED).choices[0].message.content == TITLE


def test_without_a_language_model_or_where_it_is_off_there_is_none(data: Path, start: Start, llm: FakeLlm) -> None:
    off: dict[str, Any] = {"llm_url": llm.base_url, "llm_model": "fake", "plain_model": "off"}
    for settings in ({}, off):
        running = start(data, **settings)
        assert [model.id for model in running.openai(internal=True).models.list()] == ["citedesk"]
        with pytest.raises(NotFoundError):
            ask(running)
