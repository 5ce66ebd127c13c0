"""The metrics, scraped from a real server and compared with what was asked of it."""

import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy.exc import OperationalError

from kb.errors import GenerationError
from kb.store import VersionStore
from kb.tally import note
from kb.version import Version
from rag.answer import AnswerEvent, Generator
from rag.query import Query
from server.services import Services
from server.state.keys import KeyScope
from server.state.run import RunEnding, RunOutcome, RunRequest, RunSource
from server.state.runs import new_run_id
from server.watching.catalogue import CATALOGUE, STAGES
from server.watching.watch import Watch
from tests.fake_llm.faults import Fault
from tests.fake_llm.server import FakeLlm
from tests.server import shop
from tests.server.conftest import Running, Start
from tests.server.test_damage import flip
from tests.server.watching.scraped import BY_MODEL, MESSAGES, Scraped, ask, scrape, scrape_until

pytestmark = pytest.mark.slow  # servers over HTTP, many of them: not for the quick stage

NONSENSE = "Wie hoch ist der Mount Everest?"


def answers(found: Scraped, **labels: str) -> float:
    return found.total("citedesk_answers_total", **labels)


def test_answers_are_counted_by_what_became_of_them(data: Path, start: Start) -> None:
    with FakeLlm(BY_MODEL) as llm:
        running = start(data, llm_url=llm.base_url, llm_model="fake")
        for stream, internal in ((False, False), (False, True), (True, False)):
            ask(running, stream=stream, internal=internal)
        ask(running, NONSENSE)
        ask(running, NONSENSE, stream=True)
        found = scrape_until(running, lambda found: answers(found) == 5)
    assert answers(found, outcome="answered", generator="chat:fake", degraded="false") == 3
    assert answers(found, outcome="answered", audience="internal") == 1
    assert answers(found, outcome="declined", audience="public") == 2
    assert found.value("citedesk_declines_total", reason="not_in_knowledge_base", audience="public") == 2
    assert found.value("citedesk_answer_seconds_count") == found.value("citedesk_first_sentence_seconds_count") == 5
    assert found.value("citedesk_sentences_total") == 3
    assert found.value("citedesk_requests_total", route="/v1/chat/completions", method="POST", status_class="2xx") == 5
    assert found.value("citedesk_request_seconds_count", route="/v1/chat/completions") == 5
    assert found.value("citedesk_requests_in_progress") == 1  # the scrape itself
    assert found.value("citedesk_llm_calls_total", result="ok") == 3 and found.total("citedesk_llm_calls_total") == 3
    assert found.value("citedesk_tokens_total", kind="completion", generator="chat:fake") > 0


def test_every_stage_is_timed_once_for_each_request(data: Path, start: Start) -> None:
    with FakeLlm(BY_MODEL) as llm:
        running = start(data, llm_url=llm.base_url, llm_model="fake")
        ask(running)
        with running.http() as http:
            http.post("/v1/search", json={"query": "How do I descale the kettle?"})
            http.post("/v1/verify", json={"text": "The kettle holds 1.7 litres."})
        found = scrape_until(running, lambda found: found.value("citedesk_request_seconds_count", route="/v1/verify") == 1)
    counted = {stage: found.value("citedesk_stage_seconds_count", stage=stage) for stage in STAGES}
    once = dict.fromkeys(("rewrite", "retrieve", "weigh", "first_token", "generate"), 1.0)
    assert counted == once | {"embed": 3.0, "search": 3.0, "verify": 2.0, "queue": 3.0, "rerank": 0.0}
    assert 0 < found.value("citedesk_stage_seconds_sum", stage="embed") < found.total("citedesk_request_seconds_sum")
    assert found.value("citedesk_stage_seconds_sum", stage="first_token") <= found.value("citedesk_stage_seconds_sum", stage="generate")


@pytest.mark.parametrize("stream", [True, False])
def test_a_client_that_leaves_is_counted_as_one_that_left(data: Path, start: Start, stream: bool) -> None:
    answerer = shop.ScriptedAnswerer(shop.scripted_answer(), pause=0.3)
    running = start(data, answerer=answerer)
    with running.http() as http:
        body = {"model": "citedesk", "messages": MESSAGES, "stream": True}
        if stream:
            with http.stream("POST", "/v1/chat/completions", json=body) as response:
                assert "role" in next(response.iter_lines())
        else:
            with pytest.raises(httpx.ReadTimeout):
                http.post("/v1/chat/completions", json=body | {"stream": False}, timeout=0.2)
    found = scrape_until(running, lambda found: answers(found) == 1)
    assert answers(found, outcome="left", audience="public", generator="none") == 1
    assert found.value("citedesk_requests_total", route="/v1/chat/completions", method="POST", status_class="499") == 1
    assert found.value("citedesk_answer_seconds_count") == 0 and found.value("citedesk_requests_in_progress") == 1


def test_a_failure_within_a_stream_counts_although_its_status_was_200(data: Path, start: Start) -> None:
    answerer = shop.ScriptedAnswerer(shop.scripted_answer(), fail_after=1, error=GenerationError("down"))
    running = start(data, answerer=answerer)
    assert "llm_unavailable" in ask(running, stream=True)
    ask(running, status=503)
    found = scrape_until(running, lambda found: answers(found) == 2)
    assert answers(found, outcome="failed", audience="public") == 2
    assert found.value("citedesk_errors_total", code="llm_unavailable") == 2
    assert found.value("citedesk_requests_total", route="/v1/chat/completions", status_class="2xx") == 1
    assert found.value("citedesk_requests_total", route="/v1/chat/completions", status_class="5xx") == 1


def test_what_is_removed_and_masked_is_counted_by_kind(data: Path, start: Start) -> None:
    with FakeLlm("You can return any lamp within 99 days of delivery. [1]\n![x](https://evil.example/x)") as llm:
        running = start(data, llm_url=llm.base_url, llm_model="fake")
        ask(running, "How long can I return a lamp? Mail me: li@mail.example or 13812345678, 13912345678")
        found = scrape_until(running, lambda found: answers(found) == 1)
    assert found.value("citedesk_removed_sentences_total", problem="number") == 1
    assert found.value("citedesk_removed_sentences_total", problem="picture") == 1
    assert found.value("citedesk_masked_total", kind="e-mail") == 1 and found.value("citedesk_masked_total", kind="phone") == 2
    assert answers(found, generator="extractive", degraded="true", outcome="answered") == 1


def test_a_language_model_that_is_down(data: Path, start: Start) -> None:
    with FakeLlm(BY_MODEL) as llm:
        llm.fault = Fault.FAILED
        running = start(data, llm_url=llm.base_url, llm_model="fake")
        assert scrape(running).value("citedesk_llm_breaker_open") == 0
        for _ in range(4):
            ask(running)
        found = scrape_until(running, lambda found: answers(found) == 4)
    assert found.value("citedesk_llm_breaker_open") == 1 and found.value("citedesk_llm_breaker_openings_total") == 1
    assert found.value("citedesk_llm_calls_total", result="down") == 3
    assert found.value("citedesk_llm_calls_total", result="turned_away") == 1
    assert answers(found, degraded="true") == 4


def test_the_version_that_is_served(data: Path, start: Start) -> None:
    def tomorrow(services: Services) -> Watch:
        return Watch(services, clock=lambda: datetime.now(UTC) + timedelta(days=1))

    found = scrape(start(data, watch=tomorrow))
    counts = VersionStore(data).manifest("000001").counts
    assert (found.value("citedesk_ready"), found.value("citedesk_kb_version"), found.value("citedesk_kb_fallback")) == (1, 1, 0)
    assert 86_400 <= found.value("citedesk_kb_age_seconds") < 86_400 + 600
    assert found.value("citedesk_kb_passages", audience="public") == counts["passages_public"] > 0
    assert found.value("citedesk_kb_documents") == len(shop.items())
    assert found.value("citedesk_kb_encoder_mismatch") == 0
    assert 0 < found.value("citedesk_data_free_bytes") < found.value("citedesk_data_size_bytes")
    assert found.value("citedesk_build", generator="extractive") == 1


def test_a_damaged_version_and_none_at_all(data: Path, empty_data: Path, start: Start) -> None:
    shop.publish(data, 1)
    flip(data / "kb" / "versions" / "000002" / "vectors.npy")
    damaged, empty = scrape(start(data)), scrape(start(empty_data))
    assert (damaged.value("citedesk_kb_fallback"), damaged.value("citedesk_kb_version"), damaged.value("citedesk_ready")) == (1, 1, 1)
    assert (empty.value("citedesk_kb_fallback"), empty.value("citedesk_kb_version"), empty.value("citedesk_ready")) == (0, 0, 0)
    assert "citedesk_kb_age_seconds" not in empty.families


def test_nothing_that_can_be_served(data: Path, start: Start) -> None:
    flip(data / "kb" / "versions" / "000001" / "vectors.npy")
    found = scrape(start(data))
    assert (found.value("citedesk_ready"), found.value("citedesk_kb_version"), found.value("citedesk_kb_fallback")) == (0, 0, 1)
    assert found.total("citedesk_watch_blind") == 0


def record(running: Running, outcome: RunOutcome) -> None:
    store = running.services.runs
    run = store.begin(new_run_id(), RunRequest((RunSource("shop", "/srv/shop"),)), "cli", None)
    assert store.end(run.id, RunEnding(outcome, 0))


def test_ingest_runs(data: Path, start: Start) -> None:
    running = start(data)
    before = scrape(running)
    assert before.total("citedesk_ingest_last_run") == 0 and "citedesk_ingest_last_run_age_seconds" not in before.families
    for outcome in ("published", "refused", "busy"):
        record(running, outcome)
    found = scrape(running)
    assert found.value("citedesk_ingest_last_run", outcome="refused") == 1 == found.total("citedesk_ingest_last_run")
    assert found.value("citedesk_ingest_runs_total", outcome="busy") == 1 and found.total("citedesk_ingest_runs_total") == 3
    assert 0 <= found.value("citedesk_ingest_last_run_age_seconds") <= found.value("citedesk_ingest_last_good_age_seconds") < 600


def test_a_part_that_cannot_be_read_leaves_the_others(data: Path, start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_self: object) -> dict[str, int]:
        raise OperationalError("SELECT", {}, Exception("disk I/O error"))

    running = start(data)
    monkeypatch.setattr("server.state.runs.RunStore.outcome_counts", fail)
    found = scrape(running)
    assert found.value("citedesk_watch_blind", part="runs") == 1 == found.total("citedesk_watch_blind")
    assert found.value("citedesk_ready") == 1 and "citedesk_ingest_runs" not in found.families


def test_two_applications_in_one_process_count_apart(data: Path, start: Start) -> None:
    one, other = start(data), start(data)
    ask(one)
    scrape_until(one, lambda found: answers(found) == 1)
    assert answers(scrape(other)) == 0


class WaitingAnswerer(shop.ScriptedAnswerer):
    """As if the request had stood in a queue for half a second."""

    async def answer(self, query: Query, version: Version) -> AsyncIterator[AnswerEvent]:
        note("queue", time.perf_counter() - 0.5)
        async for event in super().answer(query, version):
            yield event


def test_time_in_a_queue_is_a_stage(data: Path, start: Start) -> None:
    running = start(data, answerer=WaitingAnswerer(shop.scripted_answer()))
    ask(running)
    found = scrape_until(running, lambda found: answers(found) == 1)
    assert found.value("citedesk_stage_seconds_count", stage="queue") == 1
    assert 0.5 <= found.value("citedesk_stage_seconds_sum", stage="queue") < 0.5 + 60


def test_a_queue_tells_its_numbers(data: Path, start: Start) -> None:
    running = start(data)
    queue = running.services.queues.answers
    queue.waiting, queue.running = 3, 8
    found = scrape(running)
    assert (found.value("citedesk_queue_waiting", queue="answers"), found.value("citedesk_queue_running", queue="answers")) == (3, 8)
    assert found.value("citedesk_queue_running", queue="lookups") == 0


def test_what_is_refused_at_the_door_is_counted(data: Path, start: Start) -> None:
    running = start(data)
    running.services.queues.answers.waiting = running.services.queues.answers.running = 10_000
    with running.http() as http:
        refused = [http.post("/v1/chat/completions", json={"model": "citedesk", "messages": MESSAGES}) for _ in range(3)]
    found = scrape(running)
    assert {answer.status_code for answer in refused} == {503}
    assert found.value("citedesk_errors_total", code="overloaded") == 3
    assert found.value("citedesk_requests_total", route="/v1/chat/completions", method="POST", status_class="5xx") == 3


def test_labels_are_those_of_the_catalogue_and_hold_nothing_of_a_request(data: Path, start: Start) -> None:
    secret = "Zebra-4471-Quagga"
    with FakeLlm(BY_MODEL) as llm:
        running = start(data, llm_url=llm.base_url, llm_model="fake")
        ask(running, f"How long can I return a lamp? {secret}")
        with running.http() as http:
            http.get(f"/{secret}", headers={"x-request-id": secret})
            http.request("BREW", "/v1/search")
            http.get(f"/v1/documents/{secret}")
        found = scrape_until(running, lambda found: found.value("citedesk_requests_total", route="unmatched", method="GET") == 1)
    assert secret not in found.text and running.public_key not in found.text and "BREW" not in found.text
    known = {metric.name: metric for metric in CATALOGUE}
    for family in found.families.values():
        if not family.name.startswith(("process_", "python_")):
            metric = known[family.name]
            assert family.type == metric.kind and family.documentation == metric.help
            assert {label for sample in family.samples for label in sample.labels} - {"le"} <= set(metric.labels)
    assert {"process_resident_memory_bytes", "process_open_fds", "python_info"} <= set(found.families)


@pytest.mark.parametrize(
    ("access", "attempts"),
    [
        ("key", [(None, False, 401), ("chat", False, 403), ("metrics", False, 200), ("admin", False, 200)]),
        ("loopback", [(None, False, 200), (None, True, 401), ("metrics", True, 200)]),
        ("open", [(None, True, 200)]),
        ("off", [("admin", False, 404)]),
    ],
)
def test_who_may_read_them(data: Path, start: Start, access: str, attempts: list[tuple[KeyScope | None, bool, int]]) -> None:
    running = start(data, metrics_access=access)
    with running.http() as http:
        del http.headers["Authorization"]
        for scope, proxied, status in attempts:
            secret = running.services.keys.create_key("k", "internal", [scope]).secret if scope else None
            headers = ({"Authorization": f"Bearer {secret}"} if secret else {}) | ({"X-Forwarded-For": "203.0.113.9"} if proxied else {})
            response = http.get("/metrics", headers=headers)
            assert response.status_code == status
            assert ("citedesk_" in response.text) == (status == 200)


def test_a_generator_that_stood_in_is_labelled(data: Path, start: Start) -> None:
    declined = replace(shop.scripted_answer(), abstained=True, reason="needs_person", escalate=True)
    running = start(data, answerer=shop.ScriptedAnswerer(replace(declined, generator=Generator("extractive", degraded=True))))
    ask(running)
    found = scrape_until(running, lambda found: answers(found) == 1)
    assert answers(found, outcome="declined", degraded="true", generator="extractive") == 1
    assert found.value("citedesk_escalations_total", audience="public") == 1
