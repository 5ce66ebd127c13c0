"""Check 39: embeddings. The clients ask for base64 unless told otherwise, and decode it themselves."""

import base64
import struct
from typing import Any

import pytest

from tests.conformance.answers import CHINESE, RETURNS
from tests.conformance.target import MODEL, Target
from tests.conformance.test_refusals import assert_openai_error
from tests.conformance.worker import ClientError, Worker

TEXTS = [RETURNS, CHINESE]
PATH = "/v1/embeddings"
TOLERANCE = 1e-6


def embed(sdk: Worker, server: Target, given: Any, **fields: Any) -> dict[str, Any]:
    body = {"model": MODEL, "input": given} | fields
    done: dict[str, Any] = sdk.call("embed", server.base_url, server.keys.public, body=body)
    return done


def vectors(done: dict[str, Any]) -> list[list[float]]:
    return [one["embedding"] for one in done["data"]]


def close(one: list[list[float]], other: list[list[float]]) -> bool:
    pairs = [pair for left, right in zip(one, other, strict=True) for pair in zip(left, right, strict=True)]
    return all(abs(left - right) <= TOLERANCE for left, right in pairs)


def test_39_base64_and_float_are_the_same_numbers(sdk: Worker, picked: Target) -> None:
    asked, told = embed(sdk, picked, TEXTS), embed(sdk, picked, TEXTS, encoding_format="float")
    assert close(vectors(asked), vectors(told))
    assert [one["index"] for one in asked["data"]] == [0, 1]
    assert {one["object"] for one in asked["data"]} == {"embedding"} and asked["object"] == "list"
    assert asked["usage"]["prompt_tokens"] == asked["usage"]["total_tokens"] > 0


def test_39_base64_is_what_openai_sends(picked: Target) -> None:
    """Little-endian float32, one text for each vector."""
    plain = picked.post({"model": MODEL, "input": TEXTS, "encoding_format": "float"}, PATH).json
    packed = picked.post({"model": MODEL, "input": TEXTS, "encoding_format": "base64"}, PATH).json
    raw = [base64.b64decode(one["embedding"], validate=True) for one in packed["data"]]
    assert close([list(struct.unpack(f"<{len(one) // 4}f", one)) for one in raw], vectors(plain))
    assert len({len(vector) for vector in vectors(plain)}) == 1 and len(vectors(plain)[0]) >= 100


def test_39_a_text_alone_is_a_list_of_one(sdk: Worker, picked: Target) -> None:
    alone, listed = embed(sdk, picked, RETURNS), embed(sdk, picked, [RETURNS])
    assert len(alone["data"]) == 1
    assert close(vectors(alone), vectors(listed))


@pytest.mark.parametrize("given", ["", [], [""]], ids=["text", "list", "text in list"])
def test_39_nothing_is_refused(given: Any, sdk: Worker, picked: Target) -> None:
    with pytest.raises(ClientError) as caught:
        embed(sdk, picked, given)
    assert (caught.value.kind, caught.value.status) == ("BadRequestError", 400)
    assert str(caught.value.param).startswith("input")


@pytest.mark.parametrize("given", [[1, 2, 3], [[1, 2, 3], [4]]], ids=["tokens", "lists of tokens"])
def test_39_token_numbers_are_refused_with_the_way_out(given: Any, sdk: Worker, picked: Target) -> None:
    with pytest.raises(ClientError) as caught:
        embed(sdk, picked, given)
    assert (caught.value.kind, caught.value.status) == ("BadRequestError", 400)
    assert "check_embedding_ctx_length" in caught.value.message


def test_39_other_dimensions_are_refused(picked: Target) -> None:
    error = assert_openai_error(picked.post({"model": MODEL, "input": RETURNS, "dimensions": 7}, PATH), 400)
    assert error["param"] == "dimensions"
