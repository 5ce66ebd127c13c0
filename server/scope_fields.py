"""What a request adds to OpenAI's fields: the object ``citedesk``."""

import re
from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from kb.region import ALLOWED, region_code
from kb.scope import Audience, SearchScope
from kb.text.language_code import known_language
from server.settings import Settings

CitationStyle: TypeAlias = Literal["markers", "markers+footer", "none"]
REGION = f"{ALLOWED[0].upper()}{ALLOWED[1:]}, or a region that the shop's documents name."
LANGUAGE = "The answer's language: a tag that begins with an ISO 639 code, such as en, fr or zh-CN."
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


def _region(text: str) -> str:
    code = region_code(text)
    if code is None:
        raise PydanticCustomError("invalid_region", f"it must be {ALLOWED}, or a region that the shop's documents name")
    return code


def _language(text: str) -> str:
    code = known_language(text)
    if code is None:
        raise PydanticCustomError("invalid_language", "it must begin with the ISO 639 code of a language, such as en, fr or zh-CN")
    return code


class ScopeFields(BaseModel):
    """The point of view of a question. Unknown keys are refused, so a mistyped rule is never silently ignored.

    There is no ``audience`` here: that comes from the key alone.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    region: Annotated[str, Field(max_length=100, description=REGION), AfterValidator(_region)] | None = None
    as_of: Annotated[date | None, BeforeValidator(_iso_day)] = None
    channel: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    product: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    language: Annotated[str, Field(max_length=35, description=LANGUAGE), AfterValidator(_language)] | None = None
    citation_style: CitationStyle = "markers"

    def search_scope(self, audience: Audience, settings: Settings) -> SearchScope:
        """The point of view of a search, for a caller of ``audience``; today in the shop's time zone unless a day is named."""
        region = self.region or settings.default_region
        return SearchScope(self.as_of or settings.today(), audience, region, self.channel, self.product)
