"""Encoder, search and reader never run on the event loop, and who else asks at the moment changes no result."""

import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from kb.encoders.hashing import HashingEncoder
from kb.search import HybridSearch
from rag.conflict_finder import ConflictFinder
from rag.readers.word_reader import WordReader
from tests.server.conftest import Running, Start

HEAVY = (
    (HashingEncoder, "encode_queries"),
    (HashingEncoder, "encode_passages"),
    (HybridSearch, "search"),
    (WordReader, "score"),
    (ConflictFinder, "find"),
)
QUESTIONS = [
    "Can I return a lamp?",
    "退货政策是什么？",
    "What does shipping inside Germany cost?",
    "Does the lamp dim?",
    "What does the kettle hold?",
]


class Watch:
    """Counts the calls of what is heavy, and notes those made where an event loop runs, and the threads of the others."""

    def __init__(self) -> None:
        self.called: set[str] = set()
        self.threads: set[str] = set()
        self.on_the_loop: list[str] = []

    def over(self, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*args: Any, **options: Any) -> Any:
            self.called.add(name)
            self.threads.add(threading.current_thread().name)
            try:
                asyncio.get_running_loop()
            except RuntimeError:
                return method(*args, **options)
            self.on_the_loop.append(name)
            return method(*args, **options)

        return watched


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    seen = Watch()
    for owner, name in HEAVY:
        monkeypatch.setattr(owner, name, seen.over(f"{owner.__name__}.{name}", getattr(owner, name)))
    return seen


def _ask(running: Running, question: str, stream: bool) -> None:
    body = {"model": "citedesk", "messages": [{"role": "user", "content": question}], "stream": stream}
    with running.http(internal=True) as http:
        assert http.post("/v1/chat/completions", json=body).status_code == 200


def test_nothing_heavy_runs_on_the_event_loop(data: Any, start: Start, watch: Watch) -> None:
    running = start(data)
    for stream in (False, True):
        _ask(running, QUESTIONS[0], stream)
    with running.http() as http:
        assert http.post("/v1/search", json={"queries": QUESTIONS}).status_code == 200
        assert http.post("/v1/verify", json={"text": "You can return any lamp within 30 days of delivery."}).status_code == 200
    assert watch.called >= {"HashingEncoder.encode_queries", "HybridSearch.search", "WordReader.score", "ConflictFinder.find"}
    assert watch.on_the_loop == []


@pytest.mark.slow
def test_no_more_threads_compute_answers_than_there_are_processors(data: Any, start: Start, watch: Watch) -> None:
    running = start(data, max_answers=16)
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda question: _ask(running, question, stream=False), QUESTIONS * 4))
    assert 1 <= len(watch.threads) <= len(os.sched_getaffinity(0))
    assert all(name.startswith("computing") for name in watch.threads)


def test_simultaneous_searches_find_what_single_ones_find(data: Any, start: Start) -> None:
    single, together = start(data, query_batch=1), start(data, query_batch=4)
    with single.http() as http:
        expected = {text: _found(http.post("/v1/search", json={"query": text, "k": 5}).json()) for text in QUESTIONS}
    with together.http() as http, ThreadPoolExecutor(16) as pool:
        asked = QUESTIONS * 12
        found = pool.map(lambda text: http.post("/v1/search", json={"query": text, "k": 5}).json(), asked)
        for text, body in zip(asked, found, strict=True):
            assert _found(body) == expected[text]


def _found(body: dict[str, Any]) -> list[tuple[str, float, float, float]]:
    return [(hit["passage_id"], hit["score"], hit["dense"], hit["lexical"]) for hit in body["hits"]]
