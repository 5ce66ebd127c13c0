"""A server in use, named on the command line, which is tried instead of servers that the tests start and break.

    pytest tests/conformance --base-url https://answers.shop.example/v1 --key cd_live_… --question "How long can I return a lamp?"
"""

import pytest

from tests.conformance import answers, target
from tests.conformance.target import Keys, Target

NOT_OURS = "needs a server that these tests have started: they bring about a fault of its model, of its own or of its limits"


def server_in_use(config: pytest.Config) -> Target | None:
    """The server that was named. Raises UsageError when it was named in part."""
    url, key = str(config.getoption("--base-url")), str(config.getoption("--key"))
    if bool(url) != bool(key):
        raise pytest.UsageError("--base-url and --key go together: a server, and a key for it with the scopes chat and search")
    if url and not url.startswith(("http://", "https://")):
        raise pytest.UsageError(f"--base-url {url}: write it with http:// or https://, as an OpenAI client is given it")
    return Target(Keys(key, key, key), url.rstrip("/").removesuffix("/v1")) if url else None


def reached(server: Target) -> Target:
    """``server``, if anybody listens there; else the run ends at once, and says so."""
    try:
        server.get("/v1/models")
    except OSError as error:
        pytest.exit(f"Nothing answers at {server.url}: {error}. Is this the address that an OpenAI client is given?", returncode=1)
    return server


def ask_as_told(config: pytest.Config) -> None:
    """Ask for the model and with the question that were named. Before the tests are imported, which take both from here."""
    target.MODEL = str(config.getoption("--model"))
    if question := str(config.getoption("--question")):
        answers.RETURNS = question
    answers.IN_RETURNS = ""


def without_the_second(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take out of ``items`` those that would try the one server a second time."""
    again = [item for item in items if isinstance(item, pytest.Function) and _params(item).get("server") == "written"]
    items[:] = [item for item in items if item not in again]
    config.hook.pytest_deselected(items=again)


def _params(item: pytest.Function) -> dict[str, object]:
    return item.callspec.params if hasattr(item, "callspec") else {}
