"""The log lines of a request, and its id on its way to the language model."""

import json
from pathlib import Path
from typing import Any

import pytest

from kb.errors import GenerationError
from tests.fake_llm.faults import Fault
from tests.fake_llm.server import FakeLlm
from tests.server import shop
from tests.server.conftest import Running, Start
from tests.server.watching.scraped import BY_MODEL, ask, scrape_until
from tests.server.watching.test_metrics import answers

pytestmark = pytest.mark.slow  # servers over HTTP, many of them: not for the quick stage

SECRET = "Quagga"
QUESTION = f"How long can I return a lamp, my {SECRET}?"


def lines(capsys: pytest.CaptureFixture[str], running: Running, asked: int, event: str) -> list[dict[str, Any]]:
    """The lines of this event, once as many answers have been counted: a line is written right after."""
    scrape_until(running, lambda found: answers(found) == asked)
    written = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    return [line for line in written if line["event"] == event and line.get("route") != "/metrics"]


def test_one_line_for_each_answer_with_numbers_and_no_text(data: Path, start: Start, capsys: pytest.CaptureFixture[str]) -> None:
    with FakeLlm(f"{BY_MODEL} You can return it within 99 days of delivery. [1]") as llm:
        running = start(data, llm_url=llm.base_url, llm_model="fake")
        ask(running, f"{QUESTION} Mail li@mail.example", stream=True)
        scrape_until(running, lambda found: answers(found) == 1)
    written = capsys.readouterr().out
    assert SECRET not in written and "li@mail.example" not in written and "lamp" not in written and running.public_key not in written
    (line,) = [json.loads(one) for one in written.splitlines() if '"event": "answer"' in one]
    assert (line["outcome"], line["reason"], line["kb_version"], line["generator"]) == ("answered", None, "000001", "chat:fake")
    assert (line["streamed"], line["audience"], line["degraded"], line["code"]) == (True, "public", False, None)
    assert {"rewrite", "retrieve", "search", "weigh", "first_token", "generate", "verify"} <= set(line["timings"])
    assert line["counts"]["sentences"] == 1 and line["counts"]["removed"] == 1 and line["removed"] == ["number"]
    assert line["noted"] == {"masked:e-mail": 1, "llm_call:ok": 1} and line["first_sentence"] > 0
    assert line["request_id"].startswith("req_")


def test_an_answer_that_failed_has_its_code(data: Path, start: Start, capsys: pytest.CaptureFixture[str]) -> None:
    answerer = shop.ScriptedAnswerer(shop.scripted_answer(), fail_after=1, error=GenerationError("down"))
    running = start(data, answerer=answerer)
    ask(running, stream=True)
    (line,) = lines(capsys, running, 1, "answer")
    assert (line["outcome"], line["code"]) == ("failed", "llm_unavailable") and "counts" not in line


def test_a_clients_id_is_noted_and_never_ours(data: Path, start: Start, capsys: pytest.CaptureFixture[str]) -> None:
    sent = ("shop-4711", "a b", "x" * 129, "", "é")
    running = start(data)
    with running.http() as http:
        answered = [http.get("/v1/models", headers=[(b"x-request-id", one.encode())]).headers["x-request-id"] for one in sent]
    written = lines(capsys, running, 0, "request")
    assert all(ours.startswith("req_") for ours in answered)
    assert [(line["request_id"], line["client_request_id"]) for line in written] == list(
        zip(answered, ("shop-4711", None, None, None, None), strict=True)
    )
    assert all((line["route"], line["status"]) == ("/v1/models", 200) for line in written)


def test_an_address_that_is_none_of_ours_is_not_repeated(data: Path, start: Start, capsys: pytest.CaptureFixture[str]) -> None:
    running = start(data)
    with running.http() as http:
        assert http.get(f"/what/is/{SECRET}").status_code == 404
        assert http.get(f"/v1/documents/{SECRET}").status_code == 404
        listed = http.get("/v1/documents").json()["data"][0]["id"]
        http.get(f"/v1/documents/{listed}")
    unknown, absent, _, document = lines(capsys, running, 0, "request")
    assert (unknown["route"], unknown["path"], unknown["code"]) == ("unmatched", None, "unknown_url")
    assert (absent["route"], absent["path"], absent["code"]) == ("/v1/documents/{document_id}", None, "not_found")
    assert (document["route"], document["path"]) == ("/v1/documents/{document_id}", f"/v1/documents/{listed}")


def test_the_request_id_goes_on_to_the_language_model(data: Path, start: Start) -> None:
    with FakeLlm(BY_MODEL) as llm:
        llm.once(Fault.UNAVAILABLE)
        running = start(data, llm_url=llm.base_url, llm_model="fake")
        with running.http() as http:
            body = {"model": "citedesk", "messages": [{"role": "user", "content": "How long can I return a lamp?"}]}
            ours = http.post("/v1/chat/completions", json=body, headers={"x-request-id": "theirs"}).headers["x-request-id"]
        sent = [request.headers["x-request-id"] for request in llm.requests]
    assert len(sent) >= 3 and sent == [f"{ours}-{number}" for number in range(1, len(sent) + 1)]
    assert not any("traceparent" in request.headers for request in llm.requests)


def test_a_probe_carries_the_id_of_no_request(data: Path, start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.llm.breaker.PROBE_SECONDS", 0.1)
    with FakeLlm(BY_MODEL) as llm:
        llm.fault = Fault.FAILED
        running = start(data, llm_url=llm.base_url, llm_model="fake")
        for _ in range(3):
            ask(running)
        llm.fault = None
        scrape_until(running, lambda found: found.value("citedesk_llm_breaker_open") == 0)
        asked = llm.completions()
    probes = [one for one in asked if one.body.get("max_completion_tokens", one.body.get("max_tokens")) == 1]
    assert probes and not any("x-request-id" in request.headers for request in probes)
