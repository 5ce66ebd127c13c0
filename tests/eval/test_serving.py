"""The serving benchmark over the fake language model: its numbers are what they say."""

import statistics
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import pytest

from eval.question import GoldenQuestion
from eval.serving import ServingBenchmark, ServingParts
from eval.serving_report import ARMS, ServingReport
from eval.timed_generator import TimedGenerator
from kb.encoders.hashing import HashingEncoder
from kb.errors import ConfigurationError, GenerationError
from kb.search import Hit, HybridSearch
from kb.store import VersionStore
from kb.version import Version
from rag.answer import Generator, Usage
from rag.appraisal import Appraiser
from rag.draft import Draft, Evidence
from rag.evidence import EvidenceScorer
from rag.generate.extractive import ExtractiveGenerator
from rag.llm.factory import OpenedChat
from rag.llm.timeouts import Timeouts
from rag.pipeline import Answerer
from rag.query import Query
from rag.readers.word_reader import WordReader
from rag.similarity import Similarity
from rag.verify.draft_check import CheckedDraft, DraftCheck
from tests.fake_llm.connection import Request
from tests.fake_llm.faults import Fault, whole
from tests.fake_llm.server import FakeLlm
from tests.fake_llm.sse import tokens_of
from tests.rag.llm.asking import EVIDENCE, chat, query
from tests.server import shop

pytestmark = pytest.mark.slow

ENCODER = HashingEncoder(256)
DAY = date(2026, 11, 25)
PATIENT = Timeouts(tokenize=30.0, finished=30.0)
"""On a busy machine a prompt that was not counted in time would be another one."""
ANSWER = "You can return it within 30 days. [1] Keep the receipt. [1] It is free of charge. [2]"
NAP = 0.05


class Napping(DraftCheck):
    """Takes ``NAP`` seconds for each draft, and holds back those that speak of ``refused``."""

    def __init__(self, seconds: float = NAP, refused: str = "\0") -> None:
        self.seconds = seconds
        self.refused = refused

    def check(self, draft: Draft, hits: Sequence[Hit], language: str, question: str = "") -> CheckedDraft:
        time.sleep(self.seconds)
        return CheckedDraft((), 1.0, "Refused." if self.refused in draft.text else None)


def question(number: int, text: str = "How long can I return a lamp?", answerable: bool = True) -> GoldenQuestion:
    return GoldenQuestion(f"q-{number}", "en", f"{text} {number}", answerable, "fact", "public", None, None, (), None, (), ())


QUESTIONS = [question(number) for number in range(4)]


@pytest.fixture(scope="module")
def version(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Version]:
    folder = tmp_path_factory.mktemp("shop")
    shop.publish(folder, encoder=ENCODER)
    opened = VersionStore(folder).open_current()
    yield opened
    opened.close()


@pytest.fixture
def llm() -> Iterator[FakeLlm]:
    with FakeLlm(ANSWER) as fake:
        yield fake


@asynccontextmanager
async def benchmark(llm: FakeLlm, version: Version, check: DraftCheck, **options: Any) -> AsyncIterator[ServingBenchmark]:
    async with chat(llm, PATIENT, **options) as opened, ServingBenchmark(parts(opened, llm, version, check)) as running:
        yield running


def parts(opened: OpenedChat, llm: FakeLlm, version: Version, check: DraftCheck) -> ServingParts:
    search, scorer = HybridSearch(ENCODER), EvidenceScorer(Similarity(ENCODER), WordReader())
    return ServingParts(
        pipeline=lambda deliverer: Answerer(Appraiser(search, scorer), deliverer),
        generator=opened.generator,
        fallback=ExtractiveGenerator(),
        check=check,
        http=opened.client.http,
        url=llm.base_url,
        key=None,
        version=version,
        today=DAY,
    )


async def measured(llm: FakeLlm, version: Version, check: DraftCheck, concurrent: int = 1, rounds: int = 2) -> ServingReport:
    async with benchmark(llm, version, check) as running:
        return await running.measure(await running.record(QUESTIONS, len(QUESTIONS)), concurrent, rounds)


async def test_the_delay_is_what_the_verifier_takes(llm: FakeLlm, version: Version) -> None:
    llm.answer, llm.pause = "You can return it within 30 days. [1]", 0.002
    report = await measured(llm, version, Napping())
    assert report.sent.sentences == report.settled.sentences == report.sent_unchecked.sentences == 2 * len(QUESTIONS)
    assert report.sent.median_ms is not None and report.sent_unchecked.median_ms is not None
    assert 0.8 * NAP * 1000 < report.sent.median_ms - report.sent_unchecked.median_ms < 3 * NAP * 1000
    assert report.sent.p95_ms is not None and report.sent.p95_ms >= report.sent.median_ms


async def test_a_sentence_that_waits_for_those_before_it_is_late(llm: FakeLlm, version: Version) -> None:
    report = await measured(llm, version, Napping(), rounds=1)
    (run,) = [run for run in report.runs if run.arm == "verified"]
    firsts, seconds, thirds = run.sent[::3], run.sent[1::3], run.sent[2::3]
    assert statistics.median(seconds) > statistics.median(firsts) + NAP / 2
    assert statistics.median(thirds) > statistics.median(seconds) + NAP / 2
    assert report.phases["verify"] > report.phases["model"]


async def test_what_is_held_back_counts_as_settled_and_not_as_sent(llm: FakeLlm, version: Version) -> None:
    report = await measured(llm, version, Napping(0.01, refused="receipt"), rounds=1)
    assert (report.sent.sentences, report.settled.sentences, report.sent_unchecked.sentences) == (8, 12, 12)
    nothing = await measured(llm, version, Napping(0.01, refused=" "), rounds=1)
    assert (nothing.sent.median_ms, nothing.settled.sentences) == (None, 12), "what the fallback says in its place was not the model's"


class Repeating:
    """Says everything twice."""

    label = Generator("repeating")

    async def generate(self, query: Query, evidence: Evidence) -> AsyncIterator[Draft | Usage]:
        for text in ("It is free.", "It is free.", "Keep the receipt.", "It is free."):
            yield Draft(text)
        yield Usage(1, 2)


async def test_what_is_said_twice_is_measured_once() -> None:
    timed = TimedGenerator(Repeating())
    pieces = [piece async for piece in timed.generate(query(request_id="one"), EVIDENCE)]
    assert len(pieces) == 5 and pieces[-1] == Usage(1, 2)
    assert len(timed.settled) == 2 and min(timed.settled) >= 0
    assert timed.completed(query(request_id="one"), "It is free.") is not None
    assert timed.completed(query(request_id="other"), "It is free.") is None


async def test_a_slow_verifier_costs_throughput_and_a_quick_one_does_not(llm: FakeLlm, version: Version) -> None:
    slow = await measured(llm, version, Napping())
    quick = await measured(llm, version, Napping(0.0))
    for ratio in (slow.verified_over_unverified, slow.verified_over_direct):
        assert ratio.answers < 0.6 and ratio.tokens == pytest.approx(ratio.answers)
    assert quick.verified_over_unverified.answers > slow.verified_over_unverified.answers + 0.2
    verified = [run for run in slow.runs if run.arm == "verified"]
    assert all(run.seconds > len(QUESTIONS) * 3 * NAP for run in verified)
    assert sum((run.phases or {})["verify"] for run in verified) > 2 * len(QUESTIONS) * 3 * NAP
    assert slow.phases["verify"] > 2 * quick.phases["verify"]
    assert sum(slow.phases.values()) == pytest.approx(1)
    assert all(share >= 0 for share in slow.phases.values())


async def test_many_at_once_take_the_time_of_few(llm: FakeLlm, version: Version) -> None:
    llm.answer, llm.pause = "Keep the receipt. [1]", 0.08
    one, four = [await measured(llm, version, Napping(0.0), concurrent=count, rounds=1) for count in (1, 4)]
    assert all(four.tokens_per_second[arm] > 1.2 * one.tokens_per_second[arm] for arm in ARMS)
    assert all(run.tokens == one.runs[0].tokens for run in (*one.runs, *four.runs)), "the same work, by the same count"
    assert one.runs[0].tokens == 4 * len(tokens_of(llm.answer))


async def test_directly_asks_the_same_with_a_salt_of_its_own(llm: FakeLlm, version: Version) -> None:
    async with benchmark(llm, version, Napping(0.0), max_tokens=77) as running:
        recorded = await running.record(QUESTIONS, 2)
        before = len(llm.completions())
        report = await running.measure(recorded, 1, 2)
    assert report.other_prompts == report.failed == 0
    asked = [request for request in llm.completions()[before:] if request.body.get("stream")]
    assert len(asked) == len(report.runs) * 2
    by_salt: dict[str, list[Request]] = {}
    for request in asked:
        by_salt.setdefault(request.body.pop("cache_salt"), []).append(request)
    assert len(by_salt) == len(report.runs), "each way of each round has its own"
    first, *others = [[request.body for request in requests] for requests in by_salt.values()]
    assert len(first) == 2 and all(other == first for other in others)
    assert first[0]["max_completion_tokens"] == 77 and first[0]["messages"][-1]["content"].endswith(recorded[0].query.text)
    agents = {request.headers["user-agent"].split("/")[0] for request in asked}
    assert "python-httpx" in agents and len(agents) == 2, "directly means: by another client"


async def test_before_each_run_the_common_beginning_is_computed(llm: FakeLlm, version: Version) -> None:
    await measured(llm, version, Napping(0.0), rounds=1)
    warming = [request.body for request in llm.completions() if not request.body.get("stream")]
    assert len({body["cache_salt"] for body in warming}) == len(warming) == len(ARMS)
    last = llm.completions()[-1].body
    for body in warming:
        assert body["messages"][:-1] == last["messages"][:-1]
        assert "30 days" not in str(body["messages"])


async def test_the_tap_is_taken_off(llm: FakeLlm, version: Version) -> None:
    async with chat(llm, PATIENT) as opened:
        before = {name: list(hooks) for name, hooks in opened.client.http.event_hooks.items()}
        async with ServingBenchmark(parts(opened, llm, version, Napping())):
            assert opened.client.http.event_hooks != before
        assert opened.client.http.event_hooks == before


async def test_a_loop_that_citedesk_stops_is_stopped_directly_too(llm: FakeLlm, version: Version) -> None:
    llm.answer, llm.pause = "It is free of charge. [1] " * 300, 0.002
    report = await measured(llm, version, Napping(0.0), rounds=1)
    unstopped = len(tokens_of(llm.answer)) * len(QUESTIONS)
    ours, direct = report.runs[0], report.runs[-1]
    assert (ours.arm, direct.arm) == ("verified", "direct")
    assert ours.tokens < unstopped / 3 and 0.5 < direct.tokens / ours.tokens < 2


async def test_failed_answers_are_counted_in_each_way(llm: FakeLlm, version: Version) -> None:
    async with benchmark(llm, version, Napping(0.0)) as running:
        recorded = await running.record(QUESTIONS, 2)
        llm.once(*_good(1), Fault.FAILED, *_good(2), Fault.FAILED, *_good(2), Fault.FAILED)
        report = await running.measure(recorded, 1, 1)
    assert [(run.arm, run.failed) for run in report.runs] == [("verified", 1), ("unverified", 1), ("direct", 1)]
    assert report.failed == 3


def _good(count: int) -> list[Callable[..., Any]]:
    return [whole] * count


async def test_questions_that_never_reach_the_model_are_left_out(llm: FakeLlm, version: Version) -> None:
    asked = [*QUESTIONS[:2], question(7, answerable=False), question(8, "")]
    async with benchmark(llm, version, Napping(0.0)) as running:
        recorded = await running.record(asked, 10)
        again = await running.record(list(reversed(asked)), 10)
        assert [one.query.request_id for one in again] == [one.query.request_id for one in recorded]
        assert not {"golden-q-7"} & {one.query.request_id for one in recorded} and len(recorded) >= 2
        with pytest.raises(ConfigurationError, match="none of the questions"):
            await running.record([question(7, answerable=False)], 1)
        llm.fault = Fault.FAILED
        with pytest.raises(GenerationError):
            await running.record(QUESTIONS, 1)
