"""API keys."""

from typing import Literal

from kb.scope import Audience
from server.shapes.shape import Shape
from server.state.keys import KeyScope


class Key(Shape):
    """A key without its secret. Times are UTC."""

    object: Literal["api_key"]
    id: str
    name: str
    audience: Audience
    scopes: list[KeyScope]
    state: Literal["active", "expired", "revoked"]
    created_at: str
    expires_at: str | None
    revoked_at: str | None
    last_used_at: str | None


class NewKey(Key):
    """A key just made. ``key`` is the whole of it, and is shown only now."""

    key: str


class KeyList(Shape):
    """A page of keys, oldest first."""

    object: Literal["list"]
    data: list[Key]
    total: int
    has_more: bool
    next_offset: int | None
