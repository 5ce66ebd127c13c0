"""Where a page of a list begins."""

from typing import Annotated, TypeAlias

from fastapi import Query

FURTHEST = 2**31 - 1
"""Far beyond any list, and a number that every database takes."""
Offset: TypeAlias = Annotated[int, Query(ge=0, le=FURTHEST)]
