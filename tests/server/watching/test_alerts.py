"""Every alert, fired by what a real server showed when the thing really happened to it; and none by a healthy one."""

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from sqlalchemy.exc import OperationalError

from kb.encoders.hashing import HashingEncoder
from kb.errors import GenerationError
from server.errors import RequestError
from server.services import Services
from server.watching.watch import Watch
from tests.fake_llm.faults import Fault
from tests.fake_llm.server import FakeLlm
from tests.server import shop
from tests.server.conftest import Running, Start
from tests.server.test_damage import flip
from tests.server.watching.scraped import BY_MODEL, Scraped, ask, scrape, scrape_until
from tests.server.watching.series import ALERTS, Phase, firing
from tests.server.watching.test_metrics import NONSENSE, answers, record

RULES = [rule for group in yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"] for rule in group["rules"]]
INVENTED = "".join(f"You can return any lamp within {days} days of delivery. [1] " for days in (99, 98, 97))
PICTURE = "See ![x](https://evil.example/x) for more. [1]"


@dataclass
class Shop:
    """A folder with a shop, a language model that can be told to misbehave, and what it takes to serve both."""

    data: Path
    start: Start
    llm: FakeLlm
    patch: pytest.MonkeyPatch
    options: dict[str, Any] = field(default_factory=dict)

    def serve(self, **options: Any) -> Running:
        return self.start(self.data, llm_url=self.llm.base_url, llm_model="fake", **options)

    def watched(self, running: Running, work: Callable[[], object], asked: int) -> tuple[Scraped, Scraped]:
        """Scrapes before and after ``work``, which asks ``asked`` questions."""
        before = scrape(running)
        work()
        return before, scrape_until(running, lambda found: answers(found) == answers(before) + asked)

    def asking(self, *questions: str, stream: bool = False, status: int = 200, **options: Any) -> tuple[Scraped, Scraped]:
        running = self.serve(**options)
        return self.watched(running, lambda: [ask(running, one, stream, status=status) for one in questions], len(questions))

    def at_rest(self, running: Running | None = None, **options: Any) -> tuple[Scraped, Scraped]:
        return self.watched(running or self.serve(**options), lambda: None, 0)


RETURNS = "How long can I return a lamp?"


def healthy(one: Shop) -> tuple[Scraped, Scraped]:
    """Nine questions that are answered to one that is declined, and a good night behind it."""
    running = one.serve()
    record(running, "published")
    return one.watched(running, lambda: [ask(running, question) for question in [RETURNS] * 9 + [NONSENSE]], 10)


def not_ready(one: Shop) -> tuple[Scraped, Scraped]:
    shutil.rmtree(one.data / "kb")
    return one.at_rest()


def failing(one: Shop, stream: bool) -> tuple[Scraped, Scraped]:
    answerer = shop.ScriptedAnswerer(shop.scripted_answer(), fail_after=1, error=GenerationError("down"))
    return one.asking(RETURNS, RETURNS, stream=stream, status=200 if stream else 503, answerer=answerer)


def slow(one: Shop) -> tuple[Scraped, Scraped]:
    """On a clock that runs 200 times as fast."""
    answerer = shop.ScriptedAnswerer(shop.scripted_answer(), pause=0.1)
    return one.asking(RETURNS, answerer=answerer, watch=lambda services: Watch(services, seconds=lambda: time.perf_counter() * 200))


def refusing(one: Shop) -> tuple[Scraped, Scraped]:
    error = RequestError("Too many requests.", status=429, code="rate_limit_exceeded")
    return one.asking(RETURNS, status=429, answerer=shop.ScriptedAnswerer(shop.scripted_answer(), fail_after=0, error=error))


def model_down(one: Shop) -> tuple[Scraped, Scraped]:
    one.llm.fault = Fault.FAILED
    return one.asking(*[RETURNS] * 4)


def inventing(one: Shop, text: str = INVENTED) -> tuple[Scraped, Scraped]:
    one.llm.answer = text
    return one.asking(RETURNS, RETURNS)


def declining(one: Shop) -> tuple[Scraped, Scraped]:
    return one.asking(*[NONSENSE] * 10)


def fallen_back(one: Shop) -> tuple[Scraped, Scraped]:
    shop.publish(one.data, 1)
    flip(one.data / "kb" / "versions" / "000002" / "vectors.npy")
    return one.at_rest()


def other_encoder(one: Shop) -> tuple[Scraped, Scraped]:
    shop.publish(one.data, 1, HashingEncoder(dimension=32))
    return one.at_rest()


def stale(one: Shop, recorded: bool) -> tuple[Scraped, Scraped]:
    def later(services: Services) -> Watch:
        return Watch(services, clock=lambda: datetime.now(UTC) + timedelta(hours=27))

    running = one.serve(watch=later)
    if recorded:
        record(running, "unchanged")
    return one.at_rest(running)


def after_a_run(one: Shop, outcome: Any) -> tuple[Scraped, Scraped]:
    running = one.serve()
    record(running, outcome)
    return one.at_rest(running)


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def full_disk(one: Shop) -> tuple[Scraped, Scraped]:
    one.patch.setattr("shutil.disk_usage", lambda _path: Usage(100_000, 95_000, 5_000))
    return one.at_rest()


def blind(one: Shop) -> tuple[Scraped, Scraped]:
    def fail(_self: object) -> dict[str, int]:
        raise OperationalError("SELECT", {}, Exception("disk I/O error"))

    one.patch.setattr("server.state.runs.RunStore.outcome_counts", fail)
    return one.at_rest()


@dataclass(frozen=True)
class Scenario:
    """``alert`` fires after ``happens``; so may ``others``, which tell of the same."""

    alert: str
    happens: Callable[[Shop], tuple[Scraped, Scraped]]
    others: frozenset[str] = frozenset()
    up: bool = True
    minutes: int = 1
    steps: tuple[int, int] = (70, 60)


BOTH = frozenset({"CitedeskServerErrors", "CitedeskAnswersFail"})
NOT_BORNE_OUT = frozenset({"CitedeskDegradedAnswers", "CitedeskRemovesSentences"})
SCENARIOS = (
    Scenario("CitedeskDown", healthy, up=False),
    Scenario("CitedeskNotReady", not_ready, frozenset({"CitedeskVersionFallBack"})),
    Scenario("CitedeskServerErrors", lambda one: failing(one, stream=False), BOTH),
    Scenario("CitedeskAnswersFail", lambda one: failing(one, stream=True)),
    Scenario("CitedeskSlowFirstSentence", slow),
    Scenario("CitedeskRefusesRequests", refusing, BOTH),
    Scenario("CitedeskLanguageModelDown", model_down, frozenset({"CitedeskDegradedAnswers"})),
    Scenario("CitedeskDegradedAnswers", inventing, NOT_BORNE_OUT),
    Scenario("CitedeskRemovesSentences", inventing, NOT_BORNE_OUT),
    Scenario("CitedeskAttacked", lambda one: inventing(one, PICTURE), NOT_BORNE_OUT),
    Scenario("CitedeskDeclinesJump", declining, minutes=5, steps=(310, 20)),
    Scenario("CitedeskVersionFallBack", fallen_back),
    Scenario("CitedeskEncoderMismatch", other_encoder, frozenset({"CitedeskNotReady"})),
    Scenario("CitedeskKnowledgeBaseStale", lambda one: stale(one, recorded=True)),
    Scenario("CitedeskKnowledgeBaseStale", lambda one: stale(one, recorded=False)),
    Scenario("CitedeskIngestFailed", lambda one: after_a_run(one, "failed")),
    Scenario("CitedeskIngestFailed", lambda one: after_a_run(one, "died")),
    Scenario("CitedeskIngestRefused", lambda one: after_a_run(one, "refused")),
    Scenario("CitedeskDiskFull", full_disk),
    Scenario("CitedeskWatchedInPart", blind),
)


@pytest.fixture
def one(data: Path, start: Start, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    with FakeLlm(BY_MODEL) as llm:
        yield Shop(data, start, llm, monkeypatch)


@pytest.fixture(scope="module")
def good() -> dict[str, tuple[Scraped, Scraped]]:
    """The healthy server's scrapes, once they have been taken."""
    return {}


@pytest.fixture
def health(
    tmp_path: Path, good: dict[str, tuple[Scraped, Scraped]], start: Start, monkeypatch: pytest.MonkeyPatch
) -> tuple[Scraped, Scraped]:
    if not good:
        shop.publish(tmp_path / "healthy")
        with FakeLlm(BY_MODEL) as llm:
            good["scrapes"] = healthy(Shop(tmp_path / "healthy", start, llm, monkeypatch))
    return good["scrapes"]


def test_every_rule_is_tried_and_says_what_to_do() -> None:
    assert {rule["alert"] for rule in RULES} == {scenario.alert for scenario in SCENARIOS}
    text = (ALERTS.parents[2] / "docs/watching.md").read_text(encoding="utf-8")
    for rule in RULES:
        assert rule["annotations"]["summary"].endswith(".") and rule["labels"]["severity"] in ("page", "ticket")
        assert rule["annotations"]["runbook"] == f"docs/watching.md#{rule['alert'].lower()}"
        assert f"\n### {rule['alert']}\n" in text


@pytest.mark.slow
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.alert)
def test_it_fires_when_it_happens_and_not_before(
    scenario: Scenario, one: Shop, health: tuple[Scraped, Scraped], promtool: Path, tmp_path: Path
) -> None:
    happened = scenario.happens(one)
    phases = [Phase(*health, scenario.steps[0]), Phase(*happened, scenario.steps[1], scenario.up)]
    before, after = firing(promtool, tmp_path, phases, scenario.minutes)
    assert before == set()
    assert scenario.alert in after and after <= {scenario.alert} | scenario.others


@pytest.mark.slow
def test_a_healthy_server_fires_none(health: tuple[Scraped, Scraped], promtool: Path, tmp_path: Path) -> None:
    assert firing(promtool, tmp_path, [Phase(*health, 310), Phase(*health, 20)], 5) == (set(), set())
