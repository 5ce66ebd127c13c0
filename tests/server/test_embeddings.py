"""Vectors through the official client and over plain HTTP."""

import base64
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from openai import BadRequestError, NotFoundError, PermissionDeniedError

from kb.encoder import FloatArray
from kb.encoders.hashing import HashingEncoder
from kb.errors import DeadlineError
from server.embeddings.embedder import SLICE, embed
from server.state.default_keys import PUBLIC_SCOPES
from tests.server.conftest import Running, Start

pytestmark = pytest.mark.slow  # servers over HTTP, many of them: not for the quick stage

TEXTS = ["How long can I return a lamp?", "退货需在30天内。👍"]
PATH = "/v1/embeddings"


class SidedEncoder(HashingEncoder):
    """One that tells questions from passages, and records how many texts it was given at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.sizes: list[int] = []

    def encode_queries(self, texts: Any) -> FloatArray:
        self.sizes.append(len(texts))
        return -super().encode_passages(texts)


def test_the_client_gets_the_encoders_own_vectors(shared: Running) -> None:
    expected = shared.services.encoder.encode_passages(TEXTS)
    for encoding in ("base64", "float", None):
        given: dict[str, Any] = {} if encoding is None else {"encoding_format": encoding}
        got = shared.openai().embeddings.create(model="citedesk", input=TEXTS, **given)
        assert [one.index for one in got.data] == [0, 1] and {one.object for one in got.data} == {"embedding"}
        vectors = [base64.b64decode(one.embedding) if isinstance(one.embedding, str) else one.embedding for one in got.data]
        decoded = [np.frombuffer(one, "<f4") if isinstance(one, bytes) else np.array(one) for one in vectors]
        assert np.allclose(decoded, expected, atol=1e-6)
        assert (got.object, got.model) == ("list", shared.services.encoder.id)
        assert got.usage.prompt_tokens == got.usage.total_tokens > 0


def test_the_plain_form_is_numbers_unless_asked_otherwise(shared: Running) -> None:
    with shared.http() as http:
        numbers = http.post(PATH, json={"model": "citedesk", "input": TEXTS[0]}).json()["data"][0]["embedding"]
        text = http.post(PATH, json={"model": "citedesk", "input": TEXTS[0], "encoding_format": "base64"}).json()["data"][0]["embedding"]
    assert np.allclose(np.frombuffer(base64.b64decode(text), "<f4"), numbers) and len(numbers) == 64


def test_questions_and_passages_are_told_apart(data: Path, start: Start) -> None:
    running = start(data)
    object.__setattr__(running.services, "encoder", SidedEncoder())  # before the first request; the app holds this very object
    client = running.openai()
    passage = client.embeddings.create(model="citedesk", input="lamp").data[0].embedding
    query = client.embeddings.create(model="citedesk", input="lamp", extra_body={"citedesk": {"input": "query"}}).data[0].embedding
    assert np.allclose(passage, -np.array(query))


def test_every_name_of_the_encoder_is_taken(data: Path, start: Start) -> None:
    running = start(data, embedding_aliases=("text-embedding-3-small",), model_aliases=("gpt-4o",))
    client = running.openai()
    for name in ("hashing-64", "bundled", "text-embedding-3-small", "citedesk", "gpt-4o"):
        assert client.embeddings.create(model=name, input="lamp").model == "hashing-64"
    assert client.models.retrieve("text-embedding-3-small").id == "hashing-64"
    assert [model.id for model in client.models.list()] == ["citedesk"]
    with pytest.raises(NotFoundError) as unknown:
        client.embeddings.create(model="text-embedding-3-large", input="lamp")
    assert (unknown.value.code, unknown.value.param) == ("model_not_found", "model")


@pytest.mark.parametrize(
    ("fields", "code", "param"),
    [
        ({"input": ""}, "invalid_value", "input"),
        ({"input": "  "}, "invalid_value", "input"),
        ({"input": []}, "invalid_value", "input"),
        ({"input": ["lamp", ""]}, "invalid_value", "input"),
        ({"input": {"a": 1}}, "invalid_value", "input"),
        ({"input": [1, 2, 3]}, "unsupported_value", "input"),
        ({"input": [[1, 2], [3]]}, "unsupported_value", "input"),
        ({"input": "lamp", "dimensions": 32}, "unsupported_value", "dimensions"),
        ({"input": "lamp", "dimensions": 0}, "invalid_value", "dimensions"),
        ({"input": "lamp", "encoding_format": "int8"}, "invalid_value", "encoding_format"),
        ({"input": "x" * 8001}, "context_length_exceeded", "input"),
        ({"input": ["x"] * 2049}, "invalid_value", "input"),
        ({"input": "lamp", "citedesk": {"input": "question"}}, "invalid_value", "citedesk.input"),
        ({"input": "lamp", "citedesk": {"role": "query"}}, "unknown_field", "citedesk.role"),
    ],
)
def test_what_cannot_be_embedded(shared: Running, fields: dict[str, Any], code: str, param: str) -> None:
    with shared.http() as http:
        response = http.post(PATH, json={"model": "citedesk"} | fields)
    error = response.json()["error"]
    assert (response.status_code, error["code"], error["param"]) == (400, code, param)


def test_token_ids_are_refused_with_the_way_out(shared: Running) -> None:
    tokens: Any = [[9906, 1917]]
    with pytest.raises(BadRequestError, match="check_embedding_ctx_length=False"):
        shared.openai().embeddings.create(model="citedesk", input=tokens)


def test_the_right_dimensions_are_fine(shared: Running) -> None:
    assert len(shared.openai().embeddings.create(model="citedesk", input="lamp", dimensions=64).data[0].embedding) == 64


def test_searching_is_the_scope(shared: Running) -> None:
    others = [scope for scope in PUBLIC_SCOPES if scope != "search"]
    new = shared.services.keys.create_key("no search", "public", others)
    with pytest.raises(PermissionDeniedError):
        shared.openai().with_options(api_key=new.secret).embeddings.create(model="citedesk", input="lamp")


async def test_many_texts_go_in_slices_until_time_is_up() -> None:
    encoder = SidedEncoder()
    vectors = await embed(encoder, ["lamp"] * (SLICE + 3), "query", time.monotonic() + 60)
    assert vectors.shape == (SLICE + 3, 64) and encoder.sizes == [SLICE, 3]
    with pytest.raises(DeadlineError, match="0 of 1"):
        await embed(encoder, ["lamp"], "query", time.monotonic())


def test_an_empty_knowledge_base_has_an_encoder(empty_data: Path, start: Start) -> None:
    assert start(empty_data).openai().embeddings.create(model="citedesk", input="lamp").data
