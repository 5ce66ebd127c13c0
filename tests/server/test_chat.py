"""The chat endpoint through the official client."""

import re
from pathlib import Path
from typing import Any

import pytest
from openai import APIError, InternalServerError

from kb.errors import DeadlineError
from tests.server import shop
from tests.server.conftest import Running, Start

MESSAGES: Any = [{"role": "user", "content": "How long can I return a lamp?"}]


def test_a_completion_has_every_field(scripted: Running) -> None:
    got = scripted.openai().chat.completions.create(model="citedesk", messages=MESSAGES)
    choice = got.choices[0]
    assert (got.object, choice.index, choice.finish_reason, choice.message.role) == ("chat.completion", 0, "stop", "assistant")
    assert got.usage is not None
    assert (got.usage.prompt_tokens, got.usage.completion_tokens, got.usage.total_tokens) == (11, 7, 18)
    assert got._request_id is not None and got._request_id.startswith("req_")
    assert choice.message.content == "Returns are free 👍 within 30 days. [1]\n退货需在30天内。 [1][2] See note [9] on the box."


def test_annotations_point_at_their_markers(scripted: Running) -> None:
    message = scripted.openai().chat.completions.create(model="citedesk", messages=MESSAGES).choices[0].message
    content, annotations = message.content or "", message.annotations or []
    spans = [content[one.url_citation.start_index : one.url_citation.end_index] for one in annotations]
    assert spans == ["[1]", "[1]", "[2]"]
    assert all(one.type == "url_citation" and one.url_citation.title for one in annotations)
    assert all(one.url_citation.url.startswith(("http://", "https://")) for one in annotations)


def test_sources_and_the_extension(scripted: Running) -> None:
    got = scripted.openai().chat.completions.create(model="citedesk", messages=MESSAGES).model_dump()
    first, second = got["sources"]
    assert (first["number"], first["document"], first["source"], first["page"]) == (1, "file1.md", shop.SOURCE, None)
    assert first["url"] == first["original"] and first["url"].endswith("#:~:text=within%2030%20days%20%E2%80%93%20of%20delivery")
    assert second["url"] == second["public_url"] == "https://shop.example/p"
    assert second["original"].endswith("#page=3")
    about = got["citedesk"]
    assert (about["abstained"], about["kb_version"], about["generator"], about["removed_count"]) == (False, "000001", "scripted", 1)
    assert "removed" not in about and "gap" not in about


def test_only_an_internal_key_sees_what_was_removed(scripted: Running) -> None:
    got = scripted.openai(internal=True).chat.completions.create(model="citedesk", messages=MESSAGES).model_dump()
    assert got["citedesk"]["removed"] == [{"text": "A removed claim nobody may read", "reason": "number differs"}]
    assert got["citedesk"]["gap"] is None


@pytest.mark.parametrize("style", ["markers", "markers+footer", "none"])
def test_the_stream_is_the_same_answer(scripted: Running, style: str) -> None:
    client = scripted.openai()
    extra = {"citedesk": {"citation_style": style}}
    whole = client.chat.completions.create(model="citedesk", messages=MESSAGES, extra_body=extra)
    with client.chat.completions.stream(model="citedesk", messages=MESSAGES, extra_body=extra) as stream:
        for _ in stream:
            pass
        streamed = stream.get_final_completion()
    assert streamed.choices[0].message.content == whole.choices[0].message.content
    assert _annotations(streamed) == _annotations(whole)
    assert len(_annotations(whole)) == 3


def test_the_styles(scripted: Running) -> None:
    client = scripted.openai()

    def content(style: str) -> str:
        extra = {"citedesk": {"citation_style": style}}
        return client.chat.completions.create(model="citedesk", messages=MESSAGES, extra_body=extra).choices[0].message.content or ""

    assert content("none") == "Returns are free 👍 within 30 days.\n退货需在30天内。 See note [9] on the box."
    footer = content("markers+footer").removeprefix(content("markers"))
    assert re.fullmatch(r"\n\n\[1\] \[Title \(1\)\]\(http[^)]+\)  \n\[2\] \[Title \(2\), p\. 3\]\(https://shop\.example/p\)", footer)


def _annotations(completion: Any) -> list[dict[str, Any]]:
    return [one if isinstance(one, dict) else one.model_dump() for one in completion.choices[0].message.annotations or []]


def test_the_real_pipeline_answers_with_resolvable_citations(running: Running) -> None:
    got = running.openai().chat.completions.create(model="citedesk", messages=MESSAGES).model_dump()
    assert "30 days" in got["choices"][0]["message"]["content"]
    numbers = {int(number) for number in re.findall(r"\[(\d+)\]", got["choices"][0]["message"]["content"])}
    assert numbers == {source["number"] for source in got["sources"]} and numbers
    with running.http() as http:
        for source in got["sources"]:
            assert source["quote"] in http.get(f"/v1/passages/{source['passage_id']}").json()["text"]


def test_history_and_scope_reach_the_query(data: Path, start: Start) -> None:
    answerer = shop.ScriptedAnswerer(shop.scripted_answer())
    running = start(data, answerer=answerer, default_region="de")
    messages: Any = [
        {"role": "developer", "content": "Be brief."},
        {"role": "user", "content": [{"type": "text", "text": "About "}, {"type": "text", "text": "lamps"}]},
        {"role": "assistant", "content": None},
        {"role": "assistant", "content": "Yes?"},
        {"role": "user", "content": " Returns? "},
        {"role": "assistant", "content": "Well"},
    ]
    client = running.openai()
    client.chat.completions.create(model="citedesk", messages=messages, extra_body={"citedesk": {"as_of": "2026-02-03", "channel": "web"}})
    client.chat.completions.create(model="citedesk", messages=MESSAGES, extra_body={"citedesk": {"region": "uk", "language": "zh"}})
    first, second = answerer.queries
    assert [(turn.role, turn.text) for turn in first.history] == [("system", "Be brief."), ("user", "About lamps"), ("assistant", "Yes?")]
    assert (first.text, first.as_of.isoformat(), first.channel, first.scope.region) == ("Returns?", "2026-02-03", "web", "DE")
    assert (second.region, second.language, second.audience) == ("GB", "zh", "public")
    assert first.request_id.startswith("req_") and first.request_id != second.request_id


def test_two_hundred_turns_are_fine(scripted: Running) -> None:
    turns: Any = [{"role": ("user", "assistant")[n % 2], "content": f"turn {n}"} for n in range(201)]
    assert scripted.openai().chat.completions.create(model="citedesk", messages=turns).choices[0].message.content


def test_unknown_and_ignored_fields_are_fine(scripted: Running) -> None:
    names = ("stop", "seed", "max_tokens", "temperature", "tools", "logprobs", "stream_options", "response_format", "citedesk")
    nulls: dict[str, Any] = dict.fromkeys(names)
    with scripted.http() as http:
        assert http.post("/v1/chat/completions", json=nulls | {"model": "citedesk", "messages": MESSAGES}).status_code == 200
    extra = {"chat_template": "x", "echo": True, "priority": 1, "tools": [], "response_format": {"type": "text"}, "metadata": {"a": "b"}}
    got = scripted.openai().chat.completions.create(
        model="citedesk", messages=MESSAGES, seed=1, user="u", top_p=0.5, temperature=0, stop=["x"], n=1, extra_body=extra
    )
    assert got.choices[0].finish_reason == "stop"


def test_an_alias_is_the_same_model(data: Path, start: Start) -> None:
    running = start(data, answerer=shop.ScriptedAnswerer(shop.scripted_answer()), model_aliases=("gpt-4o",))
    client = running.openai()
    assert client.chat.completions.create(model="gpt-4o", messages=MESSAGES).model == "citedesk"
    assert client.models.retrieve("gpt-4o").id == "citedesk"
    assert [model.id for model in client.models.list()] == ["citedesk"]


def test_an_early_error_is_a_status_even_when_streaming(data: Path, start: Start) -> None:
    answerer = shop.ScriptedAnswerer(shop.scripted_answer(), fail_after=0, error=DeadlineError("Too slow. Ask again."))
    client = start(data, answerer=answerer).openai()
    for stream in (False, True):
        with pytest.raises(InternalServerError) as caught:
            client.chat.completions.create(model="citedesk", messages=MESSAGES, stream=stream)
        assert (caught.value.status_code, caught.value.code) == (504, "deadline_exceeded")


def test_a_late_error_travels_in_the_stream(data: Path, start: Start) -> None:
    answerer = shop.ScriptedAnswerer(shop.scripted_answer(), fail_after=2, error=RuntimeError("with a secret path"))
    client = start(data, answerer=answerer).openai()
    text = ""
    with pytest.raises(APIError) as caught:
        for chunk in client.chat.completions.create(model="citedesk", messages=MESSAGES, stream=True):
            text += chunk.choices[0].delta.content or ""
    assert "30 days" in text and caught.value.code == "internal_error" and "secret" not in str(caught.value)
