"""``/v1/feedback``: what people think of answers; read by keys with the scope ``admin``."""

from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import PydanticCustomError
from starlette.requests import Request
from starlette.responses import Response

from server.auth import caller_with
from server.body import read_model
from server.described import described
from server.page import Offset, page_of
from server.respond import JsonResponse
from server.scope_fields import ScopeFields
from server.services import Services, services_of
from server.shapes.feedback import Feedback as FeedbackShape
from server.shapes.feedback import FeedbackList
from server.state.feedback import Feedback, Opinion, Rating, Reason
from server.state.keys import ApiKey

router = APIRouter()


def _id_of_an_answer(given: object, check: ValidatorFunctionWrapHandler) -> str:
    """Say what the pattern means."""
    try:
        return str(check(given))
    except ValidationError as error:
        raise PydanticCustomError("invalid_value", "it must be the `id` of an answer, which begins with chatcmpl-") from error


class FeedbackRequest(BaseModel):
    """An opinion of the answer ``answer_id`` (the ``id`` of a chat completion). ``safety_identifier``, or ``user``, names the end user."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    answer_id: Annotated[str, Field(pattern=r"^chatcmpl-[A-Za-z0-9_-]{1,64}$"), WrapValidator(_id_of_an_answer)]
    rating: Rating
    reason: Reason | None = None
    comment: Annotated[str, Field(min_length=1, max_length=4000)] | None = None
    safety_identifier: Annotated[str, Field(max_length=512)] | None = None
    user: Annotated[str, Field(max_length=512)] | None = None
    citedesk: ScopeFields = ScopeFields()


@router.post("/v1/feedback", **described(FeedbackShape, FeedbackRequest, status=201))
async def give_feedback(request: Request, key: Annotated[ApiKey, Depends(caller_with("feedback"))]) -> Response:
    """Keep an opinion; another one of the same key about the same answer takes its place. 201 with what is kept."""
    services = services_of(request)
    body = await read_model(request, FeedbackRequest, services.settings.max_body_bytes)
    return JsonResponse(await to_thread.run_sync(_keep, services, body, key), status_code=201)


@router.get("/v1/feedback", **described(FeedbackList))
async def list_feedback(
    request: Request,
    key: Annotated[ApiKey, Depends(caller_with("admin"))],
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Offset = 0,
    rating: Rating | None = None,
) -> Response:
    """A page of feedback, newest first. A public key reads what public keys sent."""
    return JsonResponse(await to_thread.run_sync(_page, services_of(request), key, limit, offset, rating))


def _keep(services: Services, body: FeedbackRequest, key: ApiKey) -> dict[str, Any]:
    asked = body.citedesk
    opinion = Opinion(
        body.answer_id, body.rating, body.reason, body.comment, services.users.hash(body.safety_identifier or body.user),
        asked.language, asked.region, asked.channel, asked.product,
    )  # fmt: skip
    return _shown(services.feedback.add(opinion, key.id, key.audience))


def _page(services: Services, key: ApiKey, limit: int, offset: int, rating: Rating | None) -> dict[str, Any]:
    kept = services.feedback.page(key.audience, limit, offset, rating)
    total = services.feedback.count(key.audience, rating)
    listed = [_shown(one) | {"audience": one.audience, "key_id": one.key_id} for one in kept]
    return page_of(listed, offset, total)


def _shown(feedback: Feedback) -> dict[str, Any]:
    said = feedback.opinion
    scope = {"language": said.language, "region": said.region, "channel": said.channel, "product": said.product}
    return {
        "id": feedback.id,
        "object": "feedback",
        "created_at": feedback.created_at.isoformat(),
        "answer_id": said.answer_id,
        "rating": said.rating,
        "reason": said.reason,
        "comment": said.comment,
        "citedesk": scope,
    }
