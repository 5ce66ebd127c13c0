"""A page of a list, and where the next one begins."""

from collections.abc import Sequence
from typing import Annotated, Any, TypeAlias

from fastapi import Query

FURTHEST = 2**31 - 1
"""Far beyond any list, and a number that every database takes."""
Offset: TypeAlias = Annotated[int, Query(ge=0, le=FURTHEST)]


def page_of(listed: Sequence[Any], offset: int, total: int) -> dict[str, Any]:
    """The answer with the items ``listed``, which begin at ``offset`` of ``total``."""
    end = offset + len(listed)
    more = end < total
    return {"object": "list", "data": listed, "total": total, "has_more": more, "next_offset": end if more else None}
