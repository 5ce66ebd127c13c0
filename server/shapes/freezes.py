"""Frozen topics."""

from typing import Literal

from server.shapes.shape import Shape


class FreezeShape(Shape):
    """A topic about which nothing is answered while it ``holds``. Times are UTC."""

    object: Literal["freeze"]
    id: str
    topic: str
    texts: list[str]
    reason: str
    who: str
    created_at: str
    until: str | None
    lifted_at: str | None
    lifted_by: str | None
    holds: bool


class FreezeList(Shape):
    """Frozen topics, oldest first."""

    object: Literal["list"]
    data: list[FreezeShape]
