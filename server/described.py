"""What a route says of itself for the OpenAPI document: its body and its answers are parsed and written by hand, so it must."""

from typing import Any

from pydantic import BaseModel

BODY = "x-body-model"
EVENT = "x-event-model"
"""Where the models of a body and of a stream's events wait in a route until the document is built (`server.openapi`)."""


class ModelName(str):
    """The name of ``model``, which keeps the model itself: what FastAPI builds of a route must be JSON."""

    model: type[BaseModel]

    def __new__(cls, model: type[BaseModel]) -> "ModelName":
        """The name of ``model``."""
        name = super().__new__(cls, model.__name__)
        name.model = model
        return name


def described(
    gives: type[BaseModel] | None = None,
    body: type[BaseModel] | None = None,
    *,
    status: int = 200,
    streams: type[BaseModel] | None = None,
    kinds: tuple[str, ...] = (),
    also: dict[int, type[BaseModel]] | None = None,
    conditional: bool = False,
) -> dict[str, Any]:
    """Arguments for a route's decorator.

    ``gives`` is the shape of its answer, sent with ``status``; ``streams`` that of each event where it can stream; ``kinds`` are media
    types of answers that are no JSON; ``also`` shapes by other statuses. ``body`` is the model that `server.body.read_model` reads.
    ``conditional``: the route answers 304 to whoever holds its answer (`server.conditional`).
    """
    content: dict[str, Any] = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in kinds}
    answer: dict[str, Any] = {"description": "Success"}
    if gives is not None:
        answer["model"] = gives
    extra: dict[str, Any] = {} if body is None else {BODY: ModelName(body)}
    if streams is not None:
        events = f"Lines `data: {streams.__name__}`, then `data: [DONE]`."
        content["text/event-stream"] = {"schema": {"type": "string", "description": events}}
        extra[EVENT] = ModelName(streams)
    if content:
        answer["content"] = content
    others: dict[int, Any] = {code: {"model": shape, "description": "See the body"} for code, shape in (also or {}).items()}
    if conditional:
        others[304] = {"description": "What the request's If-None-Match names is what would be sent"}
    return {"status_code": status, "responses": {status: answer} | others, "openapi_extra": extra}
