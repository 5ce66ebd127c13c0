"""``POST /v1/verify``: is a text, from anywhere, borne out by the knowledge base or by given passages?"""

from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from rag.verify.given_passage import GivenPassage
from rag.verify.text import TextVerifier
from server.auth import caller_with
from server.body import read_model
from server.described import described
from server.limits.admit import admit
from server.region_check import check_region
from server.respond import JsonResponse
from server.scope_fields import ScopeFields
from server.services import Services, services_of
from server.shapes.verification import Verification
from server.state.keys import ApiKey
from server.verification import TextToVerify, verified_against, verified_in

router = APIRouter()


class PassageFields(BaseModel):
    """A passage given with the text. ``id`` comes back in the citations."""

    model_config = ConfigDict(frozen=True)

    text: str
    id: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    title: Annotated[str, Field(max_length=1000)] | None = None


class VerifyRequest(BaseModel):
    """A ``text``, and the ``passages`` that its markers ``[1]``, ``[2]``, … mean; without them the knowledge base is searched.

    ``question`` is what the text answers: a case that it states in a passage's words need not be said again.
    """

    model_config = ConfigDict(frozen=True)

    text: str
    passages: list[PassageFields] | None = None
    question: str | None = None
    citedesk: ScopeFields = ScopeFields()


@router.post("/v1/verify", **described(Verification, VerifyRequest))
async def verify(request: Request, key: Annotated[ApiKey, Depends(caller_with("verify"))]) -> Response:
    """A verdict for every sentence, with its passage and the words that are wrong. Internal passages only for internal keys."""
    services = services_of(request)
    body = await read_model(request, VerifyRequest, services.settings.max_body_bytes)
    await admit(request, services, key)
    async with services.queues.lookups.turn(key.id):
        return JsonResponse(await to_thread.run_sync(_verify, services, body, key))


def _verify(services: Services, body: VerifyRequest, key: ApiKey) -> dict[str, Any]:
    asked = TextToVerify.checked(body.text, body.citedesk.language, services.settings, body.question)
    verifier = TextVerifier(services.verifier, services.search)
    if body.passages is not None:
        passages = [GivenPassage(one.text, one.id, one.title) for one in body.passages]
        return verified_against(passages, asked, verifier)
    check_region(body.citedesk.region, key.audience, services.live)
    scope = body.citedesk.search_scope(key.audience, services.settings)
    with services.live.lease() as version:
        return verified_in(version, scope, asked, verifier, services.signer)
