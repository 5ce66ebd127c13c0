"""``/v1/keys``: API keys made, listed and revoked, for keys with the scope ``admin``."""

from datetime import UTC, datetime
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator
from starlette.requests import Request
from starlette.responses import Response

from kb.scope import Audience
from server.auth import caller_with
from server.body import read_model
from server.described import described
from server.errors import NotFoundError
from server.page import Offset, page_of
from server.respond import JsonResponse
from server.services import services_of
from server.shapes.keys import Key, KeyList, NewKey
from server.state.grant import granted_until, may_see
from server.state.keys import ApiKey, KeyScope, KeyStore

router = APIRouter()
Caller = Annotated[ApiKey, Depends(caller_with("admin"))]


class NewKeyRequest(BaseModel):
    """What the key is for, whose documents it reads, what it may do, and when it ends (ISO 8601 with an offset)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=200)]
    audience: Audience = "public"
    scopes: Annotated[list[KeyScope], Field(min_length=1, max_length=20)]
    expires_at: AwareDatetime | None = None

    @field_validator("name")
    @classmethod
    def _printable(cls, name: str) -> str:
        if not name.isprintable():
            raise ValueError("write a name of printable characters")
        return name

    @field_validator("expires_at")
    @classmethod
    def _to_come(cls, moment: datetime | None) -> datetime | None:
        if moment is not None and moment <= datetime.now(UTC):
            raise ValueError("it must lie in the future")
        return moment


@router.post("/v1/keys", **described(NewKey, NewKeyRequest, status=201))
async def create_key(request: Request, key: Caller) -> Response:
    """Make a key with no more than the caller has. 201 with the whole key, which is shown only now."""
    services = services_of(request)
    body = await read_model(request, NewKeyRequest, services.settings.max_body_bytes)
    made = await to_thread.run_sync(_create, services.keys, key, body)
    return JsonResponse(made, status_code=201, headers={"Location": f"/v1/keys/{made['id']}"})


@router.get("/v1/keys", **described(KeyList))
async def list_keys(
    request: Request, key: Caller, limit: Annotated[int, Query(ge=1, le=1000)] = 100, offset: Offset = 0
) -> Response:
    """A page of keys, oldest first, without their secrets. A public key sees public ones."""
    return JsonResponse(await to_thread.run_sync(_page, services_of(request).keys, key, limit, offset))


@router.get("/v1/keys/{key_id}", **described(Key))
async def get_key(request: Request, key: Caller, key_id: str) -> Response:
    """One key, without its secret."""
    return JsonResponse(_shown(await to_thread.run_sync(_visible, services_of(request).keys, key, key_id)))


@router.delete("/v1/keys/{key_id}", **described(Key))
async def revoke_key(request: Request, key: Caller, key_id: str) -> Response:
    """Revoke a key. All servers refuse it within two seconds; it stays in the list."""
    return JsonResponse(_shown(await to_thread.run_sync(_revoke, services_of(request).keys, key, key_id)))


def _create(keys: KeyStore, giver: ApiKey, body: NewKeyRequest) -> dict[str, Any]:
    until = granted_until(giver, body.audience, body.scopes, body.expires_at)
    new = keys.create_key(body.name, body.audience, body.scopes, until, f"key:{giver.id}")
    return _shown(new.key) | {"key": new.secret}


def _page(keys: KeyStore, viewer: ApiKey, limit: int, offset: int) -> dict[str, Any]:
    seen = [key for key in keys.list_keys() if may_see(viewer, key)]
    return page_of([_shown(key) for key in seen[offset : offset + limit]], offset, len(seen))


def _visible(keys: KeyStore, viewer: ApiKey, identifier: str) -> ApiKey:
    found = keys.get_key(identifier)
    # A key of another audience is missing, not forbidden: that it exists is nobody else's business.
    if found is None or not may_see(viewer, found):
        raise NotFoundError("There is no key with this id. `GET /v1/keys` lists all.")
    return found


def _revoke(keys: KeyStore, caller: ApiKey, identifier: str) -> ApiKey:
    return keys.revoke_key(_visible(keys, caller, identifier).id, f"key:{caller.id}")


def _shown(key: ApiKey) -> dict[str, Any]:
    return {"object": "api_key"} | key.to_json()
