"""``POST /v1/chat/completions``."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends
from starlette.requests import Request
from starlette.responses import Response

from kb.text.tokens import estimate_tokens
from rag.answer import Answer, AnswerEvent, EndEvent, SentenceEvent
from rag.query import Query
from server.auth import caller_with
from server.body import read_model
from server.chat.pump import ClientGoneError, EventPump, UnfinishedAnswerError, unless_client_leaves
from server.chat.query import query_from
from server.chat.request import ChatRequest
from server.chat.response import Reply, completion
from server.chat.stream import AnswerStream
from server.described import described
from server.limits.admit import admit
from server.limits.rates import Spender
from server.region_check import check_region
from server.respond import JsonResponse, nobody_listens
from server.services import Services, services_of
from server.shapes.answers import ChatCompletion, ChatCompletionChunk
from server.state.keys import ApiKey

router = APIRouter()


@router.post("/v1/chat/completions", **described(ChatCompletion, ChatRequest, streams=ChatCompletionChunk))
async def chat_completions(
    request: Request, key: Annotated[ApiKey, Depends(caller_with("chat"))], afterwards: BackgroundTasks
) -> Response:
    """Answer the last user message from the knowledge base, whole or streamed."""
    services = services_of(request)
    body = await read_model(request, ChatRequest, services.settings.max_body_bytes)
    plain = services.plain if services.names.is_plain(body.model, key) else None
    model = services.settings.model_id if plain is None else services.settings.plain_model_id
    query = query_from(body, key.audience, services.settings, request.state.request_id)
    if plain is None:
        check_region(query.region, key.audience, services.live)
    spender = await admit(request, services, key, body.end_user)
    reply = Reply.begin(model, key.audience, body.citedesk.citation_style, services.signer)
    answering = answer_events(services, query) if plain is None else plain.answer(query)
    waiting = in_turn(services, spender, answering, estimate_tokens(query.text))
    events = request.state.exchange.watched(waiting, bool(body.stream))
    if plain is None and services.questions.remembers(query, services.settings.today()):
        afterwards.add_task(services.questions.remember, query, services.users.hash(body.end_user))
    try:
        if body.stream:
            return await _streamed(request, services, events, reply, body.include_usage)
        answer = await unless_client_leaves(_whole(events), request.receive)
    except ClientGoneError:
        return nobody_listens()
    return JsonResponse(completion(answer, reply))


async def answer_events(services: Services, query: Query) -> AsyncGenerator[AnswerEvent, None]:
    """The events of one answer, all from one version of the knowledge base."""
    with services.live.lease() as version:
        async for event in services.answerer.answer(query, version):
            yield event


async def in_turn(
    services: Services, spender: Spender, events: AsyncGenerator[AnswerEvent, None], tokens: int
) -> AsyncGenerator[AnswerEvent, None]:
    """The same events, when their turn has come. ``tokens`` are the question's. Raises OverloadedError.

    What it costs is counted however it ends: whoever leaves in the middle has used what was written until then.
    """
    async with services.queues.answers.turn(spender.key), aclosing(events) as answering:
        try:
            async for event in answering:
                if isinstance(event, SentenceEvent):
                    tokens += estimate_tokens(event.sentence.text)
                elif isinstance(event, EndEvent):
                    tokens = event.answer.usage.prompt_tokens + event.answer.usage.completion_tokens
                yield event
        finally:
            await services.rates.spend(spender, tokens)


async def _whole(events: AsyncGenerator[AnswerEvent, None]) -> Answer:
    async with aclosing(events) as pulled:
        async for event in pulled:
            if isinstance(event, EndEvent):
                return event.answer
    raise UnfinishedAnswerError("the answer's events stopped without an end")


async def _streamed(
    request: Request, services: Services, events: AsyncGenerator[AnswerEvent, None], reply: Reply, include_usage: bool
) -> Response:
    """The stream, once its first event is there: an early failure is then a real HTTP error, which clients understand."""
    pump = EventPump(events)
    keep_alive = services.settings.keep_alive_seconds
    try:
        await unless_client_leaves(pump.ready(keep_alive), request.receive)
        failure = pump.failure()
        if failure is not None:
            raise failure
    except BaseException:
        await pump.close()
        raise
    return AnswerStream(pump, reply, include_usage, keep_alive)
