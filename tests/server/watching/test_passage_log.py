"""The log's line `passages`: what an answer, a search or a verification came from, by id."""

import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from kb.errors import GenerationError
from rag.answer import AnswerEvent, CitationEvent
from server.watching.exchange import Exchange
from tests.fake_llm.faults import Fault
from tests.fake_llm.server import FakeLlm
from tests.server import shop
from tests.server.conftest import Running, Start
from tests.server.watching.scraped import BY_MODEL, MESSAGES, ask
from tests.server.watching.test_log_lines import lines

pytestmark = pytest.mark.slow

QUESTION = MESSAGES[0]["content"]


def posted(running: Running, path: str, internal: bool = False, **body: Any) -> dict[str, Any]:
    with running.http(internal) as http:
        response = http.post(path, json=body)
    assert response.status_code == 200, response.text
    told: dict[str, Any] = response.json()
    return told | {"request": response.headers["x-request-id"]}


def text_of(running: Running, passage: str) -> str:
    with running.services.live.lease() as version:
        found = version.passage(passage)
        assert found is not None
        return found.text


def test_an_answer_can_be_traced_to_its_passages(data: Path, start: Start, capsys: pytest.CaptureFixture[str]) -> None:
    running = start(data)
    told = posted(running, "/v1/chat/completions", model="citedesk", messages=MESSAGES)
    (line,) = lines(capsys, running, 1, "passages")
    assert line["request_id"] == told["request"] and line["kb_version"] == "000001" and line["audience"] == "public"
    assert line["route"] == "/v1/chat/completions"
    assert line["cited"] == [source["passage_id"] for source in told["sources"]] != []
    (retrieved,) = line["retrieved"]
    searched = posted(running, "/v1/search", query=QUESTION, k=12)
    assert retrieved == [hit["passage_id"] for hit in searched["hits"]] and set(line["cited"]) <= set(retrieved)
    assert any("30 days of delivery" in text_of(running, passage) for passage in line["cited"])
    assert not any(shop.SECRET in text_of(running, passage) for passage in retrieved)
    words = {word for word in shop.RETURNS.split() if len(word) > 5} | set(QUESTION.split())
    assert not words & set(json.dumps(line).split())


def test_searches_are_named_one_by_one(data: Path, start: Start, capsys: pytest.CaptureFixture[str]) -> None:
    running = start(data)
    told = posted(running, "/v1/search", internal=True, queries=["voucher for a chargeback", "descale the kettle"], k=2)
    (line,) = lines(capsys, running, 0, "passages")
    assert line["retrieved"] == [[hit["passage_id"] for hit in found["hits"]] for found in told["data"]]
    assert (line["route"], line["audience"], line["cited"]) == ("/v1/search", "internal", [])
    assert shop.SECRET in text_of(running, line["retrieved"][0][0])


def test_a_verification_names_what_it_cites(data: Path, start: Start, capsys: pytest.CaptureFixture[str]) -> None:
    running = start(data)
    told = posted(running, "/v1/verify", text=shop.RETURNS)
    posted(running, "/v1/verify", text="Lamps are free.", passages=[{"text": "Lamps are not free."}])
    (line,) = lines(capsys, running, 0, "passages")
    shown = [one["passage_id"] for sentence in told["sentences"] for one in sentence["citations"]]
    assert line["route"] == "/v1/verify" and line["retrieved"] == [list(dict.fromkeys(shown))] != [[]]


def test_an_answer_that_failed_says_what_was_found(data: Path, start: Start, capsys: pytest.CaptureFixture[str]) -> None:
    with FakeLlm(BY_MODEL) as llm:
        running = start(data, llm_url=llm.base_url, llm_model="fake", llm_fallback=False)
        llm.fault = Fault.FAILED
        ask(running, status=503)
        (line,) = lines(capsys, running, 1, "passages")
    assert len(line["retrieved"][0]) > 1 and line["cited"] == []


async def test_an_answer_that_broke_off_says_what_it_cited_until_then() -> None:
    """Whoever leaves before the end may have read all that mattered."""

    async def broken() -> AsyncGenerator[AnswerEvent, None]:
        yield CitationEvent(shop.citation(1))
        raise GenerationError("down")

    exchange = Exchange("req_1", "POST")
    with pytest.raises(GenerationError):
        async for _ in exchange.watched(broken(), True):
            assert exchange.cited == ["passage1"]
    assert exchange.answer is None and exchange.cited == ["passage1"]


def test_nothing_is_named_where_it_is_not_wanted(data: Path, start: Start, capsys: pytest.CaptureFixture[str]) -> None:
    running = start(data, log_passages=False)
    posted(running, "/v1/chat/completions", model="citedesk", messages=MESSAGES)
    posted(running, "/v1/search", query=QUESTION)
    assert lines(capsys, running, 1, "passages") == []
