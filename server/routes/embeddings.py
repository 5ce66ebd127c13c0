"""``POST /v1/embeddings``: vectors by the encoder that the knowledge base is searched with."""

import time
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from kb.encoder import FloatArray
from kb.text.tokens import estimate_tokens
from server.auth import caller_with
from server.body import read_model
from server.chat.pump import ClientGoneError, unless_client_leaves
from server.described import described
from server.embeddings.embedder import embed
from server.embeddings.request import EmbeddingRequest
from server.embeddings.response import embeddings
from server.errors import RequestError
from server.limits.admit import admit
from server.limits.rates import Spender
from server.respond import JsonResponse, nobody_listens
from server.services import Services, services_of
from server.shapes.answers import EmbeddingList
from server.state.keys import ApiKey

router = APIRouter()


@router.post("/v1/embeddings", **described(EmbeddingList, EmbeddingRequest))
async def create_embeddings(request: Request, key: Annotated[ApiKey, Depends(caller_with("search"))]) -> Response:
    """A vector for each text. What the texts are, ``citedesk.input`` says: ``passage`` by default, or ``query``."""
    services = services_of(request)
    body = await read_model(request, EmbeddingRequest, services.settings.max_body_bytes)
    _check(body, services)
    spender = await admit(request, services, key)
    try:
        vectors = await unless_client_leaves(_in_turn(services, body, spender), request.receive)
    except ClientGoneError:
        return nobody_listens()
    return JsonResponse(embeddings(vectors, body.input, services.encoder.id, body.encoding_format))


async def _in_turn(services: Services, body: EmbeddingRequest, spender: Spender) -> FloatArray:
    """The vectors, when their turn has come. Raises OverloadedError."""
    deadline = time.monotonic() + services.settings.request_seconds
    async with services.queues.lookups.turn(spender.key):
        vectors = await embed(services.encoder, body.input, body.citedesk.input, deadline)
    await services.rates.spend(spender, sum(estimate_tokens(text) for text in body.input))
    return vectors


def _check(body: EmbeddingRequest, services: Services) -> None:
    """Raise RequestError for another model, another number of dimensions, or too many or too long texts."""
    settings, dimension = services.settings, services.encoder.dimension
    services.names.check_encoder(body.model)
    if body.dimensions is not None and body.dimensions != dimension:
        message = f"The vectors of this model have {dimension} dimensions and cannot be shortened. Leave 'dimensions' out."
        raise RequestError(message, code="unsupported_value", param="dimensions")
    if len(body.input) > settings.max_embed_batch:
        raise RequestError(f"At most {settings.max_embed_batch} texts are embedded at once. Send fewer.", param="input")
    if any(len(text) > settings.max_question_chars for text in body.input):
        message = f"At most {settings.max_question_chars} characters of a text are embedded. Cut it into passages."
        raise RequestError(message, code="context_length_exceeded", param="input")
