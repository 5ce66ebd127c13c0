"""Traces: what a collector is sent, over real HTTP."""

import importlib
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from kb.errors import ConfigurationError
from server.settings import Settings
from server.watching.open_tracing import open_tracing
from server.watching.tracing import NoTracing
from tests.fake_llm.server import FakeLlm
from tests.server.conftest import Running, Start
from tests.server.receiver import Receiver, receiving
from tests.server.watching.scraped import BY_MODEL, PATIENCE

pytestmark = pytest.mark.slow  # servers over HTTP, many of them: not for the quick stage

QUESTION = "How long can I return a lamp, Quagga?"
THEIRS = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@dataclass
class Spans:
    """What the collector got, by name."""

    receiver: Receiver
    found: dict[str, Any] = field(default_factory=dict)

    def wait_for(self, name: str) -> Any:
        end = time.monotonic() + PATIENCE
        while name not in self.found:
            assert time.monotonic() < end, sorted(self.found)
            time.sleep(0.02)
            self._read()
        return self.found[name]

    def _read(self) -> None:
        for body in self.receiver.bodies:
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                assert {one.key: one.value.string_value for one in resource.resource.attributes}["service.name"] == "citedesk"
                self.found |= {span.name: span for scope in resource.scope_spans for span in scope.spans}


def attributes(span: Any) -> dict[str, Any]:
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in span.attributes}


def is_sampled(traceparent: str) -> bool:
    """The first of its flags."""
    return bool(int(traceparent.rpartition("-")[2], 16) & 1)


def ask_traced(running: Running) -> str:
    body = {"model": "citedesk", "messages": [{"role": "user", "content": QUESTION}]}
    with running.http() as http:
        response = http.post("/v1/chat/completions", json=body, headers={"traceparent": THEIRS})
    assert response.status_code == 200
    return response.headers["x-request-id"]


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """OpenTelemetry's own setting of how long spans are gathered, in milliseconds."""
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "50")


def test_a_request_is_a_span_with_its_stages_below_it_and_goes_on_upstream(data: Path, start: Start) -> None:
    with receiving() as collector, FakeLlm(BY_MODEL) as llm:
        url = f"{collector.url}/v1/traces"
        running = start(data, llm_url=llm.base_url, llm_model="fake", otlp_url=url)
        ours = ask_traced(running)
        spans = Spans(collector)
        whole = spans.wait_for("POST /v1/chat/completions")
        stages = {name: spans.wait_for(name) for name in ("retrieve", "search", "weigh", "first_token", "generate", "verify")}
        upstream = {request.headers["traceparent"] for request in llm.requests}
        sent = b"".join(collector.bodies)
    assert b"Quagga" not in sent and b"lamp" not in sent and running.public_key.encode() not in sent
    told = attributes(whole)
    assert (told["citedesk.request_id"], told["citedesk.outcome"], told["http.response.status_code"]) == (ours, "answered", 200)
    assert (told["citedesk.kb_version"], told["citedesk.generator"], told["citedesk.sentences"]) == ("000001", "chat:fake", 1)
    for stage in stages.values():
        assert stage.trace_id == whole.trace_id and stage.parent_span_id == whole.span_id
        assert whole.start_time_unix_nano <= stage.start_time_unix_nano <= stage.end_time_unix_nano <= whole.end_time_unix_nano
    (parent,) = upstream
    assert parent.startswith(f"00-{whole.trace_id.hex()}-{whole.span_id.hex()}-") and is_sampled(parent)
    assert whole.trace_id.hex() not in THEIRS and [link.trace_id.hex() for link in whole.links] == [THEIRS.split("-")[1]]


def test_an_error_is_one_in_the_trace_too(empty_data: Path, start: Start) -> None:
    with receiving() as collector:
        running = start(empty_data, otlp_url=f"{collector.url}/v1/traces")
        with running.http() as http:
            assert http.post("/v1/search", json={"query": "lamp"}).status_code == 503
            assert http.post("/v1/verify", json={}).status_code == 400
        spans = Spans(collector)
        failed, refused = spans.wait_for("POST /v1/search"), spans.wait_for("POST /v1/verify")
    assert failed.status.code == 2 and attributes(failed)["error.type"] == "no_version"
    assert refused.status.code == 0  # the client's own fault, which is no error of the server's


def test_a_share_of_none_traces_nothing_and_says_so_upstream(data: Path, start: Start) -> None:
    with receiving() as collector, FakeLlm(BY_MODEL) as llm:
        running = start(data, llm_url=llm.base_url, llm_model="fake", otlp_url=f"{collector.url}/v1/traces", trace_share=0.0)
        ask_traced(running)
        assert not any(is_sampled(request.headers["traceparent"]) for request in llm.requests)
    assert not collector.bodies


def test_a_collector_that_is_away_costs_no_answer(data: Path, start: Start, free_port: int) -> None:
    running = start(data, otlp_url=f"http://127.0.0.1:{free_port}/v1/traces")
    ask_traced(running)


def test_without_the_setting_nothing_is_traced() -> None:
    assert isinstance(open_tracing(Settings()), NoTracing)


def test_without_the_extra_the_setting_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def find(name: str) -> object:
        return None if name.startswith("opentelemetry") else importlib.util.find_spec(name)

    monkeypatch.setattr("server.watching.open_tracing.find_spec", find)
    with pytest.raises(ConfigurationError, match=r"'\.\[otel\]'"):
        open_tracing(Settings(otlp_url="http://127.0.0.1:4318/v1/traces"))
