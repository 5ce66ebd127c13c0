"""``POST /v1/customers/forget``: what is held about one customer is deleted, for keys with the scope ``admin``."""

from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from kb.errors import ConfigurationError
from server.auth import caller_with
from server.body import read_model
from server.customers.customer import Customer
from server.customers.deletion import CustomerForgetter
from server.described import described
from server.errors import RequestError
from server.respond import JsonResponse
from server.services import Services, services_of
from server.shapes.customers import Deletion
from server.state.audit_anchor import note_end
from server.state.keys import ApiKey

router = APIRouter()
Names = Annotated[list[Annotated[str, Field(min_length=1, max_length=512)]], Field(max_length=20)]


class ForgetRequest(BaseModel):
    """A customer: what requests call him, and his addresses and numbers. ``why`` is kept in the audit log."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    users: Names = []
    emails: Names = []
    phones: Names = []
    why: Annotated[str, Field(max_length=1000)] = ""


@router.post("/v1/customers/forget", **described(Deletion, ForgetRequest))
async def forget_customer(request: Request, key: Annotated[ApiKey, Depends(caller_with("admin"))]) -> Response:
    """Delete what is held about a customer. The answer is the proof; ``complete`` says whether nothing is left within reach."""
    services = services_of(request)
    body = await read_model(request, ForgetRequest, services.settings.max_body_bytes)
    return JsonResponse(await to_thread.run_sync(_forget, services, _customer(body), key, body.why))


def _customer(body: ForgetRequest) -> Customer:
    try:
        return Customer(tuple(body.users), tuple(body.emails), tuple(body.phones))
    except ConfigurationError as error:
        # The sentence may repeat an address; what a caller sent is not echoed.
        raise RequestError("Name the customer by 'users', 'emails' or 'phones', each in its own form.", param="users") from error


def _forget(services: Services, customer: Customer, key: ApiKey, why: str) -> dict[str, Any]:
    proof = CustomerForgetter(services.database, services.settings).forget(customer, f"key:{key.id}", why)
    note_end(services.settings.audit_anchors, services.audit)
    # Paths of the machine are its owner's: `citedesk customer forget` shows them.
    return proof | {"backups": [{name: backup[name] for name in ("when", "holds")} for backup in proof["backups"]]}
