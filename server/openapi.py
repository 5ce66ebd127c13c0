"""The OpenAPI document: FastAPI's own of paths and parameters, and what it cannot see: bodies, keys, errors."""

from collections.abc import Iterator, Sequence
from typing import Any

from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from server.auth import Caller
from server.described import BODY, EVENT, ModelName
from server.shapes.shape import Error

VERSION = "1"
_REFERENCE = "#/components/schemas/{model}"
_ABOUT = (
    "Answers from a shop's own documents, with citations, for any OpenAI client. Who asks (`public` or `internal`) is decided by the key. "
    "`x-citedesk-scope` is the scope that a key needs."
)
_ERRORS = {
    "400": "The request is wrong; `param` names the field",
    "401": "There is no valid key",
    "403": "The key may not do this",
    "404": "There is no such thing",
    "413": "The body is too large",
    "415": "The body is not `application/json`",
    "default": "Any other failure, in the same shape",
}


def build_document(routes: Sequence[APIRoute]) -> dict[str, Any]:
    """The document of ``routes``, as JSON values."""
    about: dict[str, Any] = {"title": "Citedesk", "version": VERSION, "description": _ABOUT}
    document: dict[str, Any] = get_openapi(routes=routes, **about)
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(_schemas({Error, *(model for route in routes for model in _models_of(route))}))
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    document["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer", "description": "An API key: `cd_live_…`"}}
    for route in routes:
        for method in (route.methods or set()) & {name.upper() for name in document["paths"].get(route.path_format, {})}:
            _complete(document["paths"][route.path_format][method.lower()], route)
    _untitled(document["components"])
    _untitled(document["paths"])
    return document


def _complete(operation: dict[str, Any], route: APIRoute) -> None:
    operation["operationId"] = route.name
    body = operation.pop(BODY, None)
    operation.pop(EVENT, None)
    if body is not None:
        schema = {"$ref": _REFERENCE.format(model=body)}
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    caller = _caller_of(route)
    if caller is not None:
        operation["security"] = [{"key": []}]
        operation["x-citedesk-scope"] = caller.scope
    operation["responses"].pop("422", None)
    for status in _statuses(operation, caller, body is not None):
        operation["responses"].setdefault(status, _error(status))
    for response in operation["responses"].values():
        response["headers"] = {"x-request-id": {"description": "Names the request in the logs", "schema": {"type": "string"}}}


def _statuses(operation: dict[str, Any], caller: Caller | None, has_body: bool) -> Iterator[str]:
    """The failures that an operation must be expected to answer with."""
    if has_body or operation.get("parameters"):
        yield "400"
    if caller is not None:
        yield "401"
        if caller.scope is not None:
            yield "403"
    if any(one["in"] == "path" for one in operation.get("parameters", [])) or "model" in str(operation.get("requestBody", "")):
        yield "404"
    if has_body:
        yield from ("413", "415")
    yield "default"


def _error(status: str) -> dict[str, Any]:
    schema = {"$ref": _REFERENCE.format(model=Error.__name__)}
    return {"description": _ERRORS[status], "content": {"application/json": {"schema": schema}}}


def _caller_of(route: APIRoute) -> Caller | None:
    calls = [dependant.call for dependant in route.dependant.dependencies]
    return next((call for call in calls if isinstance(call, Caller)), None)


def _models_of(route: APIRoute) -> list[type[BaseModel]]:
    return [name.model for name in (route.openapi_extra or {}).values() if isinstance(name, ModelName)]


def _untitled(value: object) -> None:
    """Takes out titles that only repeat a field's name."""
    if isinstance(value, dict):
        if isinstance(value.get("title"), str):
            del value["title"]
        for inner in value.values():
            _untitled(inner)
    if isinstance(value, list):
        for inner in value:
            _untitled(inner)


def _schemas(models: set[type[BaseModel]]) -> dict[str, Any]:
    ordered = sorted(models, key=lambda model: model.__name__)
    _, together = models_json_schema([(model, "validation") for model in ordered], ref_template=_REFERENCE)
    return dict(together.get("$defs", {}))
