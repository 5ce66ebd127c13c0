"""Requests made up from the OpenAPI document, by keys of every kind: no 5xx, no hang, nothing but what the document says."""

import random
from collections.abc import Iterator, Sequence
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from kb.scope import AUDIENCES
from scripts import openapi
from server.state.keys import KEY_SCOPES
from tests.fake_llm.server import FakeLlm
from tests.server import shop
from tests.server.conftest import Running, _run

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
SECONDS = 20
"""A response that takes longer has hung. (An answer takes some milliseconds here; the machine may be very busy.)"""
QUICK, LONG = 2_000, 20_000
SENT = pytest.StashKey[int]()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The real search and answering, and a language model that answers at once."""
    folder = tmp_path_factory.mktemp("fuzzed")
    shop.publish(folder)
    with FakeLlm("You can return any lamp within 30 days of delivery. [1]") as llm:
        settings = {"llm_url": llm.base_url, "llm_model": "fake", "plain_model": "all", "ingest_roots": (folder / "roots",)}
        with _run(folder, None, settings) as running:
            yield running


@pytest.fixture(scope="module")
def keys(served: Running) -> list[str]:
    """Both keys of the owner, one key of each scope alone for each audience, and two that are none."""
    make = served.services.keys.create_key
    alone = [make(scope, audience, [scope]).secret for scope in KEY_SCOPES for audience in AUDIENCES]
    return [*[served.internal_key, served.public_key] * 6, *alone, "nonsense", ""]


def operations() -> list[Any]:
    schema = schemathesis.openapi.from_dict(openapi.document())
    read = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    assert len(read) == len(list(schema.get_all_operations())), "an operation of the document cannot be read"
    return read


def attack(served: Running, keys: Sequence[str], cases: int) -> int:
    """Send about ``cases`` made-up requests, valid and not; how many were sent. Where nothing can be made up, a few are enough."""
    found = operations()
    rich = [operation for operation in found if _takes_something(operation)]
    plain = [operation for operation in found if not _takes_something(operation)]
    planned = [(operation, mode, cases // (2 * len(rich))) for operation in rich for mode in GenerationMode]
    planned += [(operation, GenerationMode.POSITIVE, 5) for operation in plain]
    return sum(_attack_one(operation, mode, served, keys, count) for operation, mode, count in planned)


def _takes_something(operation: Any) -> bool:
    return bool(operation.body or operation.query or operation.path_parameters)


def _attack_one(operation: Any, mode: GenerationMode, served: Running, keys: Sequence[str], cases: int) -> int:
    sent = [0]
    silent = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large, HealthCheck.large_base_example]
    limits = hypothesis.settings(max_examples=cases, deadline=None, database=None, suppress_health_check=silent, print_blob=False)

    @limits
    @hypothesis.given(case=operation.as_strategy(generation_mode=mode), chance=hypothesis.strategies.randoms(use_true_random=False))
    def send(case: Any, chance: random.Random) -> None:
        sent[0] += 1
        case.headers["Authorization"] = f"Bearer {chance.choice(keys)}"
        response = case.call(base_url=served.url, timeout=SECONDS)
        case.validate_response(response, checks=CHECKS)

    send()
    return sent[0]


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_two_thousand_requests_find_no_fault(served: Running, keys: list[str]) -> None:
    assert attack(served, keys, QUICK) > QUICK // 2


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_twenty_thousand_requests_find_no_fault(served: Running, keys: list[str]) -> None:
    assert attack(served, keys, LONG) > LONG // 2
