"""The sample shop ingested and served by real processes, the fake language model behind one of them, and everybody's clients."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from tests.conformance.answers import RETURNS, written
from tests.conformance.in_use import NOT_OURS, ask_as_told, reached, server_in_use, without_the_second
from tests.conformance.limit_trial import LimitTrial, try_limit
from tests.conformance.report import CheckReport
from tests.conformance.serving import Served, citedesk, environment
from tests.conformance.target import Keys, Target, chat
from tests.conformance.worker import CLIENTS, SDKS, Worker, environment_of, pinned
from tests.fake_llm.server import FakeLlm
from tests.source import ROOT

IN_USE = pytest.StashKey[Target | None]()
REPORT = pytest.StashKey[CheckReport]()
SHOP = ROOT / "kb" / "sample" / "brightnook"
SOURCES = ("policies", "internal", "manuals/heater-warmly-12.pdf")
"""Both audiences, three languages, and pages; the FAQ's pairs would only put 177 questions to the gate."""
SILENCE_SECONDS = 20
RECOVERY_SECONDS = 180
SHOPPERS_LIMIT = {"user_requests_per_minute": "1"}
CROWDED = {"max_answers": "3", "queue_length": "2"}
"""Three answers at once and two requests that wait, one of each key."""
PATIENT = {"queue_seconds": "100"}
"""So that a slow machine refuses nothing but what these tests make it refuse."""


@pytest.hookimpl(trylast=True)  # a command line that is refused here is still tidied up after by those configured before
def pytest_configure(config: pytest.Config) -> None:
    config.stash[REPORT] = CheckReport()
    config.stash[IN_USE] = server_in_use(config)
    if config.stash[IN_USE] is not None:
        ask_as_told(config)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.stash[IN_USE] is not None:
        without_the_second(config, items)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report: pytest.TestReport = yield  # type: ignore[assignment]  # pluggy sends the inner hooks' result
    if report.when == "call" or report.outcome != "passed":
        item.config.stash[REPORT].add(report.nodeid, report.outcome, report.user_properties)
    return report  # type: ignore[return-value]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The table of checks, when any of them ran."""
    if config.stash[REPORT].outcomes:
        terminalreporter.section("conformance with the OpenAI contract")
        for line in config.stash[REPORT].lines():
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def client(client_environment: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Worker]]:
    """Gives the named client's process. All of them start at once: the slowest takes a quarter of a minute to load."""
    folder = tmp_path_factory.mktemp("clients")
    with ExitStack() as stack:
        started: dict[str, Worker] = {}

        def start(name: str) -> Worker:
            where = client_environment(environment_of(name))
            if name not in started:
                started[name] = stack.enter_context(Worker(name, where.parent, folder / f"{name}.log"))
            return started[name]

        def ready(name: str) -> Worker:
            worker = start(name)
            worker.ready()
            assert worker.versions.items() <= pinned(name).items(), f"{name} is not the pinned one; `make clients` installs it"
            return worker

        for name in CLIENTS:
            with suppress(pytest.skip.Exception, pytest.fail.Exception):  # told when a test asks for it
                start(name)
        yield ready


@pytest.fixture(scope="session")
def ours(pytestconfig: pytest.Config) -> None:
    """For what is only done to servers that were started here."""
    if pytestconfig.stash[IN_USE] is not None:
        pytest.skip(NOT_OURS)


@pytest.fixture(scope="session")
def data(ours: None, client: Callable[[str], Worker], encoder_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample shop, ingested by the command, while the clients load."""
    folder = tmp_path_factory.mktemp("conformance") / "data"
    paths = [str(SHOP / name) for name in SOURCES]
    told = citedesk("ingest", *paths, "--data", str(folder), environment=environment(encoder_cache))
    assert told["outcome"] == "published", told
    return folder


@pytest.fixture(scope="session")
def keys(data: Path, encoder_cache: Path) -> Keys:
    lines = (data / "keys.env").read_text().splitlines()
    kept = dict(line.split("=", 1) for line in lines if line.startswith("CITEDESK_"))
    made = citedesk("keys", "create", "--name", "no chat", "--scope", "search", "--data", str(data), environment=environment(encoder_cache))
    return Keys(kept["CITEDESK_PUBLIC_KEY"], kept["CITEDESK_INTERNAL_KEY"], made["key"])


@pytest.fixture(scope="session")
def fake_llm(ours: None) -> Iterator[FakeLlm]:
    with FakeLlm(written) as opened:
        yield opened


@pytest.fixture(scope="session")
def own_servers(
    data: Path, keys: Keys, encoder_cache: Path, fake_llm: FakeLlm, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Served]]:
    """One server that picks its answers and one whose answers are written, started together: each takes some seconds to load."""
    llm = {"llm_url": fake_llm.base_url, "llm_fallback": "false", "llm_first_token_seconds": str(SILENCE_SECONDS)}
    settings = {"picked": PATIENT | SHOPPERS_LIMIT, "written": PATIENT | CROWDED | llm}
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(Served(data, encoder_cache, tmp_path_factory.mktemp(name), keys, **given))
            for name, given in settings.items()
        }


@pytest.fixture(scope="session")
def servers(request: pytest.FixtureRequest) -> dict[str, Target]:
    """Both, by name; the one that is in use under both names, where one was given."""
    in_use = request.config.stash[IN_USE]
    if in_use is not None:
        return dict.fromkeys(("picked", "written"), reached(in_use))
    own: dict[str, Served] = request.getfixturevalue("own_servers")
    return {**own}


@pytest.fixture(scope="session")
def limit_trials(ours: None, picked: Target, client: Callable[[str], Worker]) -> Iterator[dict[str, "Future[LimitTrial]"]]:
    """Each of OpenAI's clients runs into a shopper's limit, and waits as it is told to: up to a minute, while other checks go on."""
    with ThreadPoolExecutor(len(SDKS)) as pool:
        yield {name: pool.submit(try_limit, client(f"{name}, patient"), picked) for name in SDKS}


@pytest.fixture(scope="session", autouse=True)
def begin_limit_trials(request: pytest.FixtureRequest) -> None:
    """Begin the longest check first."""
    if request.config.stash[IN_USE] is None and any(item.name.startswith("test_34_") for item in request.session.items):
        request.getfixturevalue("limit_trials")


@pytest.fixture(scope="session")
def picked(servers: dict[str, Target]) -> Target:
    """The server without a language model."""
    return servers["picked"]


@pytest.fixture(scope="session")
def own_picked(own_servers: dict[str, Served]) -> Served:
    return own_servers["picked"]


@pytest.fixture(scope="session")
def written_server(own_servers: dict[str, Served]) -> Served:
    return own_servers["written"]


@pytest.fixture(params=["picked", "written"])
def server(request: pytest.FixtureRequest, servers: dict[str, Target]) -> Target:
    """Both servers, one after the other: the contract is the same with and without a language model."""
    return servers[request.param]


@pytest.fixture
def llm(fake_llm: FakeLlm, written_server: Served) -> Iterator[FakeLlm]:
    """The language model behind `written_server`, well again afterwards, and known to be."""
    written_server.base_url  # noqa: B018 - waits until it listens, so that what it asks at its start is not counted
    fake_llm.requests.clear()
    yield fake_llm
    make_well(fake_llm, written_server)


def make_well(fake_llm: FakeLlm, server: Served) -> None:
    """Nothing is wrong with the model any more, and the server has noticed."""
    fake_llm.reset()
    deadline = time.monotonic() + RECOVERY_SECONDS
    while server.post(chat(RETURNS)).status != 200:
        assert time.monotonic() < deadline, "the server did not find the language model again"
        time.sleep(0.5)


@pytest.fixture(params=SDKS)
def sdk(request: pytest.FixtureRequest, client: Callable[[str], Worker]) -> Worker:
    """Each of OpenAI's own clients."""
    return client(request.param)


@pytest.fixture(params=CLIENTS)
def any_client(request: pytest.FixtureRequest, client: Callable[[str], Worker]) -> Worker:
    return client(request.param)
