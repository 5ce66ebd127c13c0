"""The base of all shapes, the error, and what the service says of itself."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """A JSON object with exactly these fields. One with a default may be missing."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())


class ErrorDetails(Shape):
    """What went wrong. ``param`` names the field, ``code`` is for programs."""

    message: str
    type: str
    param: str | None
    code: str | None


class Error(Shape):
    """OpenAI's error object."""

    error: ErrorDetails


class Service(Shape):
    """What there is."""

    service: Literal["citedesk"]
    routes: list[str]


class Health(Shape):
    """The process handles requests."""

    status: Literal["ok"]


class Readiness(Shape):
    """Whether questions can be answered; ``error`` says what to do where not."""

    status: Literal["ready", "not ready"]
    encoder: str
    kb_version: str | None
    problem: str | None
    error: ErrorDetails | None = None


class Document(Shape):
    """An OpenAPI document."""

    model_config = ConfigDict(extra="allow")

    openapi: str
    info: dict[str, Any]
    paths: dict[str, Any]


class Model(Shape):
    """A model that can be named in a request."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class ModelList(Shape):
    """The models that a key may chat with."""

    object: Literal["list"]
    data: list[Model]
