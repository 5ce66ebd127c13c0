"""No test reaches the world by accident: no network beyond loopback, no model hub, no home folder, no settings of this machine.

What a machine may lack (the converted encoder, vLLM, a browser) is skipped with its reason; with CI=true that is a failure.
"""

import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urlsplit

import hypothesis
import hypothesis.configuration
import pytest

from kb.encoder import Encoder
from server.settings import load_settings
from tests.seeded import Leak, leaks_below

if TYPE_CHECKING:
    from rag.readers.claim_reader import OnnxClaimReader
    from rag.readers.onnx_reader import OnnxReader
    from server.llm.environment import VllmEnvironment
    from server.llm.served_model import ServedModel
    from tests.postgres import PostgresServer

CACHE = pytest.StashKey[Path]()
PATCHES = pytest.StashKey[pytest.MonkeyPatch]()
LEAKS = pytest.StashKey[list[Leak]]()
HOME = pytest.StashKey["tempfile.TemporaryDirectory[str]"]()

pytest_plugins = ["pytester"]

LOOPBACK = ("127.", "::1", "localhost", "::ffff:127.")
OPEN: set[str] = set()
"""Beyond them: the host named on the command line, and its addresses once they were looked up."""
DEAD_PROXY = "http://127.0.0.1:9"
"""Port 9 (discard): child processes that obey proxy settings get a refused connection instead of the world."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class WorldReachedError(BaseException):
    """A test reached beyond loopback. No `Exception`, so that no retry or fallback under test can hide it."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """A server in use, for tests/conformance to try: the only place beyond loopback that a test may reach."""
    group = parser.getgroup("conformance", "a server in use, to be tried by tests/conformance")
    group.addoption("--base-url", default="", help="where it is, as an OpenAI client is told: https://answers.shop.example/v1")
    group.addoption("--key", default="", help="an API key for it, with the scopes chat and search and no limit per minute")
    group.addoption("--model", default="citedesk", help="the model to ask for (default: citedesk)")
    group.addoption("--question", default="", help="a question that its documents answer (default: how long there is to return an item)")


def pytest_configure(config: pytest.Config) -> None:
    """Close the doors before any test module is imported, remembering where the real cache is."""
    config.stash[CACHE] = load_settings().cache
    config.stash[HOME] = home = tempfile.TemporaryDirectory(prefix="citedesk-tests-")
    config.stash[PATCHES] = patch = pytest.MonkeyPatch()
    _forget_settings(patch)
    _move_home(patch, Path(home.name))
    _close_network(patch, urlsplit(str(config.getoption("--base-url"))).hostname)
    hypothesis.configuration.set_hypothesis_home_dir(home.name)
    hypothesis.settings.register_profile("citedesk", deadline=None, database=None, derandomize=bool(os.environ.get("CI")))
    hypothesis.settings.load_profile("citedesk")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run when a seeded secret stands in anything that the tests have written (tests/seeded.py)."""
    factory: pytest.TempPathFactory = session.config._tmp_path_factory  # type: ignore[attr-defined]
    session.config.stash[LEAKS] = leaks = list(leaks_below(factory.getbasetemp()))
    if leaks:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Name what `pytest_sessionfinish` found."""
    for leak in config.stash.get(LEAKS, []):
        terminalreporter.write_line(f"LEAK {leak}", red=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Give everything back."""
    config.stash[PATCHES].undo()
    config.stash[HOME].cleanup()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put tests into their stage (scripts/test.py) where the place or the fixtures tell it."""
    tests = config.rootpath / "tests"
    for item in items:
        if item.path.parent == tests and item.get_closest_marker("demo") is None:
            item.add_marker("style")
        uses_encoder = {"encoder", "encoder_cache", "postgres"} & set(getattr(item, "fixturenames", ()))
        if "prepared_vllm" in getattr(item, "fixturenames", ()):
            item.add_marker("vllm")
        if item.path.is_relative_to(tests / "reliability") and item.get_closest_marker("slow") is not None:
            item.add_marker("reliability")  # a fork of a process that holds models takes six times as long
        if item.path.is_relative_to(tests / "conformance"):
            item.add_marker("conformance")
            item.add_marker(pytest.mark.timeout(900))  # the first ones wait for an ingest, two servers and eight clients
        if uses_encoder or item.path.is_relative_to(tests / "contracts") or item.path.is_relative_to(tests / "integration"):
            item.add_marker("integration")


def _forget_settings(patch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("CITEDESK_")]:
        patch.delenv(name)


def _move_home(patch: pytest.MonkeyPatch, home: Path) -> None:
    patch.setenv("HOME", str(home))
    for name, folder in {"XDG_CACHE_HOME": "cache", "XDG_CONFIG_HOME": "config", "XDG_DATA_HOME": "data", "HF_HOME": "hub"}.items():
        patch.setenv(name, str(home / folder))
    patch.setenv("HF_HUB_OFFLINE", "1")
    patch.setenv("TRANSFORMERS_OFFLINE", "1")
    patch.setenv("HF_HUB_DISABLE_TELEMETRY", "1")


def _close_network(patch: pytest.MonkeyPatch, but: str | None) -> None:
    """``but`` is the host that may be reached all the same."""
    OPEN.update({but} if but else ())
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        patch.setenv(name, DEAD_PROXY)
        patch.setenv(name.upper(), DEAD_PROXY)
    for name in ("no_proxy", "NO_PROXY"):
        patch.setenv(name, ",".join(("127.0.0.1", "localhost", "::1", *OPEN)))
    for name in ("connect", "connect_ex"):
        patch.setattr(socket.socket, name, _guarded_connect(getattr(socket.socket, name)))
    patch.setattr(socket.socket, "sendto", _guarded_sendto(socket.socket.sendto))
    patch.setattr(socket, "getaddrinfo", _guarded_lookup(socket.getaddrinfo))


def _guarded_connect(original: Any) -> Any:
    def connect(self: socket.socket, address: Any) -> Any:
        _check_address(self.family, address)
        return original(self, address)

    return connect


def _guarded_sendto(original: Any) -> Any:
    def sendto(self: socket.socket, data: bytes, *rest: Any) -> Any:
        _check_address(self.family, rest[-1])
        return original(self, data, *rest)

    return sendto


def _guarded_lookup(original: Any) -> Any:
    def getaddrinfo(host: Any, *rest: Any, **options: Any) -> Any:
        if host is not None:
            _check_host(host.decode() if isinstance(host, bytes) else host)
        found = original(host, *rest, **options)
        if host in OPEN:
            OPEN.update(str(address[0]) for *_, address in found)
        return found

    return getaddrinfo


def _check_address(family: int, address: Any) -> None:
    if family in (socket.AF_INET, socket.AF_INET6):
        _check_host(address[0])


def _check_host(host: str) -> None:
    if not host.startswith(LOOPBACK) and host not in ("", "0.0.0.0", "::") and host not in OPEN:
        raise WorldReachedError(f"A test reached for {host}. Tests talk to this machine only: use a server on 127.0.0.1 or a fake.")


def _missing(reason: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason} (with CI=true nothing may be missing)")
    pytest.skip(reason)


@pytest.fixture(autouse=True)
def clean_settings() -> Iterator[None]:
    """No test leaves a CITEDESK_ setting behind for the next one."""
    yield
    for name in [name for name in os.environ if name.startswith("CITEDESK_")]:
        del os.environ[name]


@pytest.fixture(scope="session")
def encoder_cache(pytestconfig: pytest.Config) -> Path:
    """The real cache folder with the converted encoder in it: give it to child processes as CITEDESK_CACHE."""
    from kb.encoders.bundled import SHOP_ADAPTER, bundled_folder
    from kb.encoders.english import english_folder
    from rag.readers.prepared_reader import CLAIM_ADAPTER, reader_folder

    cache = pytestconfig.stash[CACHE]
    needed = (bundled_folder(cache, SHOP_ADAPTER), english_folder(cache), reader_folder(cache), reader_folder(cache, CLAIM_ADAPTER))
    if not all(folder.is_dir() for folder in needed):
        _missing(f"the bundled encoder and reader are not in {cache}; `make prepare` puts them there")
    return cache


@pytest.fixture(scope="session")
def encoder(encoder_cache: Path) -> Encoder:
    """The real bundled encoder. Use `kb.encoders.hashing.HashingEncoder` where its quality does not matter."""
    from kb.encoders.load import load_encoder

    return load_encoder("bundled", encoder_cache)


@pytest.fixture(scope="session")
def reader(encoder_cache: Path) -> "OnnxReader":
    """The real bundled reader. Use `rag.readers.word_reader.WordReader` where its quality does not matter."""
    from rag.readers.onnx_reader import OnnxReader
    from rag.readers.prepared_reader import reader_folder

    return OnnxReader(reader_folder(encoder_cache))


@pytest.fixture(scope="session")
def claim_reader(encoder_cache: Path) -> "OnnxClaimReader":
    """The real claim reader. Use `rag.readers.word_reader.WordClaimReader` where its quality does not matter."""
    from rag.readers.claim_reader import OnnxClaimReader
    from rag.readers.prepared_reader import CLAIM_ADAPTER, reader_folder

    return OnnxClaimReader(reader_folder(encoder_cache, CLAIM_ADAPTER))


@pytest.fixture(scope="session")
def prepared_vllm(pytestconfig: pytest.Config) -> "tuple[VllmEnvironment, ServedModel]":
    """The real vLLM's environment and the small model, both in the real cache folder. Tests that use it are marked ``vllm``."""
    from server.llm.environment import find_environment, has_gpu
    from server.llm.served_model import resolve_model
    from server.llm.small_model import SMALL_MODEL, small_model_folder

    cache = pytestconfig.stash[CACHE]
    environment = find_environment(cache, has_gpu())
    if environment is None or not small_model_folder(cache).is_dir():
        _missing(f"vLLM or its small model is not in {cache}; `make llm` puts both there")
    return environment, resolve_model(SMALL_MODEL, cache, environment)


@pytest.fixture(scope="session")
def client_environment(pytestconfig: pytest.Config) -> Callable[[str], Path]:
    """The folder of one of the environments that `scripts/conformance-clients.sh` makes, by its name."""
    folder = pytestconfig.stash[CACHE] / "clients"

    def find(name: str) -> Path:
        if not (folder / name / "stamp").is_file():
            _missing(f"{name}, clients of others, is not in {folder}; `make clients` puts it there")
        if name == "node" and shutil.which("node") is None:
            _missing("no Node on this machine; `make system` installs it, or: apt-get install nodejs npm")
        return folder / name

    return find


@pytest.fixture(scope="session")
def chromium() -> Path:
    """A real browser's executable."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        _missing("no Chromium on this machine; `make system` installs it, or: apt-get install chromium")
    return Path(found)


@pytest.fixture(scope="session")
def postgres() -> "Iterator[PostgresServer]":
    """A real PostgreSQL on loopback; a test takes a `new_database` of it, and starts it again if it stopped it."""
    from tests.postgres import postgres_programs, running_postgres

    programs = postgres_programs()
    if programs is None:
        _missing("no PostgreSQL on this machine; `make system` installs it, or: apt-get install postgresql")
    with running_postgres(programs) as server:
        yield server


@pytest.fixture(scope="session")
def promtool() -> Path:
    """Prometheus' own tool for rules and queries."""
    found = shutil.which("promtool")
    if found is None:
        _missing("no promtool on this machine; `make system` installs it, or: apt-get install prometheus")
    return Path(found)


@pytest.fixture
def free_port() -> Iterator[int]:
    """A loopback port that nothing listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    yield port
