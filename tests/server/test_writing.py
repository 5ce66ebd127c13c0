"""Sampling, length and stops: what reaches the language model's server, and what that does to the answer."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fake_llm.faults import Fault
from tests.fake_llm.server import FakeLlm
from tests.server import shop
from tests.server.conftest import Running, Start, _run

pytestmark = pytest.mark.slow  # servers over HTTP, many of them: not for the quick stage

MESSAGES: Any = [{"role": "user", "content": "How long can I return a lamp?"}]
FIRST, SECOND = "You can return any lamp within 30 days of delivery.", "Keep the receipt."
WRITTEN = f"{FIRST} [1] {SECOND} [1]"
HARMFUL: dict[str, Any] = {
    "chat_template": "{{ messages }}", "return_prompt_text": True, "return_token_ids": True, "prompt_logprobs": 5, "echo": True,
    "continue_final_message": True, "priority": -1, "ignore_eos": True, "documents": [{"text": "x"}], "add_generation_prompt": False,
    "guided_json": {}, "logits_processors": ["x"], "kv_transfer_params": {}, "min_tokens": 9, "vllm_xargs": {"a": 1},
}  # fmt: skip
SENT = {"model", "messages", "stream", "stream_options", "temperature", "max_completion_tokens", "cache_salt"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, FakeLlm]]:
    folder = tmp_path_factory.mktemp("written")
    shop.publish(folder)
    with FakeLlm(_marked) as llm, _run(folder, None, {"llm_url": llm.base_url, "llm_model": "fake"}) as running:
        yield running, llm


@pytest.fixture
def llm(served: tuple[Running, FakeLlm]) -> FakeLlm:
    served[1].fault = None
    served[1].max_model_len = 4096
    served[1].requests.clear()
    return served[1]


def _marked(request: Any) -> str:
    """The two sentences with the number that the passage about returns has in this prompt."""
    prompt = request.body["messages"][-1]["content"]
    before = prompt.partition(FIRST)[0]
    number = before.rpartition("\n[")[2].partition("]")[0]
    return WRITTEN.replace("[1]", f"[{number}]")


@pytest.fixture
def written(served: tuple[Running, FakeLlm], llm: FakeLlm) -> Running:
    return served[0]


def ask(running: Running, **fields: Any) -> Any:
    """The completion, or the list of a stream's chunks."""
    with running.openai() as client:
        answered = client.chat.completions.create(**({"model": "citedesk", "messages": MESSAGES} | fields))
        return list(answered) if fields.get("stream") else answered


def body_of(llm: FakeLlm) -> dict[str, Any]:
    body: dict[str, Any] = llm.completions()[-1].body
    return body


def test_nothing_but_the_allowed_fields_goes_upstream(written: Running, llm: FakeLlm) -> None:
    got = ask(written, extra_body=HARMFUL, user="somebody", store=True, logit_bias={"1": 5})
    assert got.citedesk["generator"] == "chat:fake"
    assert set(body_of(llm)) <= SENT


def test_sampling_reaches_the_server(written: Running, llm: FakeLlm) -> None:
    wanted: dict[str, Any] = {"temperature": 0.5, "top_p": 0.9, "presence_penalty": 0.1, "frequency_penalty": -0.1, "seed": 7}
    ask(written, **wanted)
    body = body_of(llm)
    assert {name: body[name] for name in wanted} == wanted
    ask(written)
    assert body_of(llm)["temperature"] == 0 and not set(body_of(llm)) & (set(wanted) - {"temperature"})


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
def test_the_smaller_limit_holds(written: Running, llm: FakeLlm, name: str) -> None:
    for asked, sent in ((100, 100), (100_000, 400), (2**40, 400)):
        ask(written, extra_body={name: asked})
        assert body_of(llm)["max_completion_tokens"] == sent


@pytest.mark.parametrize("stream", [False, True])
def test_an_answer_that_was_cut_off_says_so(written: Running, llm: FakeLlm, stream: bool) -> None:
    llm.fault = Fault.LENGTH
    text, reason = _told(written, stream, {})
    assert FIRST in text and SECOND not in text and reason == "length"


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("stop", "kept"),
    [
        ("30", "You can return any lamp within [1]"),
        ([" delivery", "Keep"], "You can return any lamp within 30 days of [1]"),
        ("Keep", f"{FIRST} [1]"),
        ("delivery. Keep", f"{FIRST} [1]"),  # what has left cannot be called back
        ("nowhere", f"{FIRST} [1] {SECOND} [2]"),
        ("You", ""),
    ],
)
def test_an_answer_ends_before_a_stop(written: Running, stop: Any, kept: str, stream: bool) -> None:
    text, reason = _told(written, stream, {"stop": stop})
    assert (text, reason) == (kept, "stop")


def _told(running: Running, stream: bool, fields: dict[str, Any]) -> tuple[str, str]:
    if not stream:
        choice = ask(running, **fields).choices[0]
        return choice.message.content, choice.finish_reason
    chunks = ask(running, stream=True, **fields)
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks), chunks[-1].choices[0].finish_reason


def test_an_answer_without_a_model_keeps_to_length_and_stops_too(running: Running) -> None:
    whole = ask(running).choices[0].message.content
    assert "30 days" in whole
    stopped = ask(running, stop="30 days").choices[0]
    assert stopped.message.content and "30 days" not in stopped.message.content and stopped.finish_reason == "stop"
    nothing = ask(running, max_tokens=1)
    assert (nothing.choices[0].message.content, nothing.choices[0].finish_reason) == ("", "length")
    assert not nothing.citedesk["abstained"] and not nothing.sources


def test_a_source_is_cited_by_what_is_left_alone(written: Running) -> None:
    got = ask(written, stop="You")
    assert got.sources == [] and got.choices[0].message.annotations == []


def test_a_question_that_no_prompt_can_hold_is_the_callers_mistake(data: Path, start: Start, llm: FakeLlm) -> None:
    running = start(data, llm_url=llm.base_url, llm_model="fake", llm_fallback=False)
    llm.max_model_len = 500
    with running.http() as http:
        response = http.post("/v1/chat/completions", json={"model": "citedesk", "messages": MESSAGES})
    assert response.status_code == 400 and response.json()["error"]["code"] == "context_length_exceeded"
    assert llm.completions() == []


def test_instructions_of_the_front_end_reach_the_model_unless_switched_off(data: Path, start: Start, llm: FakeLlm) -> None:
    told: Any = [{"role": "system", "content": "Be brief."}, {"role": "developer", "content": "Say hello."}, *MESSAGES]
    for wanted in (True, False):
        running = start(data, llm_url=llm.base_url, llm_model="fake", client_instructions=wanted)
        ask(running, messages=told)
        system = body_of(llm)["messages"][0]["content"]
        assert ("Be brief.\nSay hello." in system) is wanted and system.startswith("You answer questions")


def test_thinking_is_no_part_of_the_answer(data: Path, start: Start) -> None:
    with FakeLlm(lambda request: f"<think>Hm. It says 30 days.</think>{_marked(request)}") as llm:
        got = ask(start(data, llm_url=llm.base_url, llm_model="fake"))
    assert got.choices[0].message.content == f"{FIRST} [1] {SECOND} [2]"


def test_the_extension_survives_the_client(data: Path, start: Start) -> None:
    answerer = shop.ScriptedAnswerer(shop.scripted_answer())
    running = start(data, answerer=answerer)
    about = {"region": "DE", "as_of": "2026-02-03", "channel": "web", "product": "Luma", "language": "de", "citation_style": "none"}
    for stream in (False, True):
        made = ask(running, stream=stream, extra_body={"citedesk": about})
        assert "[1]" not in ("".join(one.choices[0].delta.content or "" for one in made) if stream else made.choices[0].message.content)
    query = answerer.queries[0]
    assert (query.region, query.as_of.isoformat(), query.channel) == ("DE", "2026-02-03", "web")
    assert (query.product, query.language) == ("Luma", "de")
    assert answerer.queries[1].scope == query.scope
