"""What a request adds to OpenAI's fields: the object ``citedesk``."""

import re
from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from kb.scope import Audience, SearchScope, canonical_region
from server.settings import Settings

CitationStyle: TypeAlias = Literal["markers", "markers+footer", "none"]
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _iso_day(value: object) -> object:
    if value is None or isinstance(value, date):
        return value
    try:
        if isinstance(value, str) and _ISO_DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass  # a day that no calendar has, such as 2026-02-30: refused like any other text, below
    raise PydanticCustomError("invalid_date", "it must be a day such as 2026-11-23")


class ScopeFields(BaseModel):
    """The point of view of a question. Unknown keys are refused, so a mistyped rule is never silently ignored.

    There is no ``audience`` here: that comes from the key alone.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    region: Annotated[str, Field(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})?$")] | None = None
    as_of: Annotated[date | None, BeforeValidator(_iso_day)] = None
    channel: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    product: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    language: Annotated[str, Field(max_length=35, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$")] | None = None
    citation_style: CitationStyle = "markers"

    @property
    def named_region(self) -> str | None:
        """The region asked for, by its usual code."""
        return canonical_region(self.region) if self.region else None

    def search_scope(self, audience: Audience, settings: Settings) -> SearchScope:
        """The point of view of a search, for a caller of ``audience``; today in the shop's time zone unless a day is named."""
        region = self.named_region or settings.default_region
        return SearchScope(self.as_of or settings.today(), audience, region, self.channel, self.product)
