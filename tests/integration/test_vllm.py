"""The real vLLM with a real small model, under its supervisor."""

import json
import os
import re
import signal
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.integration.running_vllm import RunningVllm
from tests.processes import eventually, group_members

pytestmark = pytest.mark.timeout(600)

START_SECONDS = 400.0
"""On two busy cores; alone it takes 15 to 60 seconds."""
REQUESTS = 8
RULES = " ".join(f"Rule {number}: a parcel of size {number} travels for {number} days." for number in range(1, 60))
"""About a thousand tokens that two questions have in common."""


def test_it_is_ready_and_serves_the_model(vllm: RunningVllm) -> None:
    assert vllm.supervisor.ready
    (listed,) = vllm.openai.models.list().data
    assert listed.id == "smollm2"
    assert json.loads(vllm.http.get("/v1/models").text)["data"][0]["max_model_len"] == 8192


def test_an_answer_streams(vllm: RunningVllm) -> None:
    assert re.search(r"[a-z]{3}", vllm.ask("What is a parcel?"))


def test_it_names_its_work_after_the_id_that_it_is_sent(vllm: RunningVllm) -> None:
    """So that a request of ours can be found in its log (docs/watching.md)."""
    body = {"model": "smollm2", "messages": [{"role": "user", "content": "What is a parcel?"}], "max_tokens": 4}
    answer = vllm.http.post("/v1/chat/completions", json=body, headers={"X-Request-Id": "req_4711-1"})
    assert answer.json()["id"] == "chatcmpl-req_4711-1"


def test_a_second_question_with_the_same_beginning_hits_the_prefix_cache(vllm: RunningVllm) -> None:
    vllm.ask(f"{RULES} How long does a parcel of size 3 travel?", tokens=8)
    before = vllm.metric("vllm:prefix_cache_hits_total")
    asked = vllm.metric("vllm:prefix_cache_queries_total")
    vllm.ask(f"{RULES} Which parcel travels for 7 days?", tokens=8)
    hits = vllm.metric("vllm:prefix_cache_hits_total") - before
    assert hits > 500
    assert hits > 0.8 * (vllm.metric("vllm:prefix_cache_queries_total") - asked)


def test_several_requests_run_at_once(vllm: RunningVllm) -> None:
    seen: list[float] = []
    done = threading.Event()

    def look() -> None:
        while not done.wait(0.05):
            seen.append(vllm.metric("vllm:num_requests_running"))

    with ThreadPoolExecutor(REQUESTS + 1) as pool:
        looking = pool.submit(look)
        answers = [pool.submit(vllm.ask, f"Tell me about parcel number {number}.", 64) for number in range(REQUESTS)]
        texts = [answer.result() for answer in answers]
        done.set()
        looking.result()
    assert all(texts)
    assert max(seen) > 1


def test_the_budget_is_counted_with_the_models_own_tokens(vllm: RunningVllm) -> None:
    reply = vllm.http.post("/tokenize", json={"model": "smollm2", "messages": [{"role": "user", "content": "How long?"}]}).json()
    assert reply["count"] == len(reply["tokens"]) > 5
    assert reply["max_model_len"] == 8192


def test_it_comes_back_after_it_was_killed(vllm: RunningVllm) -> None:
    group, restarts = vllm.supervisor.pid, vllm.supervisor.restarts
    assert group is not None
    assert len(group_members(group)) > 1, "the engine is a process of its own"
    os.kill(group, signal.SIGKILL)
    assert eventually(lambda: group_members(group) == []), "the engine outlived its server"
    assert eventually(lambda: vllm.supervisor.ready and vllm.supervisor.restarts == restarts + 1, START_SECONDS)
    assert re.search(r"[a-z]{3}", vllm.ask("What is a parcel?"))
