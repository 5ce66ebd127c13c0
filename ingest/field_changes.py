"""Which properties of a document or passage differ: title, language, address, and all that its scope says."""

from datetime import date
from typing import Protocol

from ingest.version_diff import FieldChange, FieldValue
from kb.scope import Scope

SCOPE_FIELDS = ("audience", "regions", "channels", "products", "effective_from", "effective_to", "supersedes")


class Described(Protocol):
    """What a document's outline and a passage's have in common."""

    @property
    def title(self) -> str:
        """The title."""

    @property
    def language(self) -> str:
        """The language's code."""

    @property
    def public_url(self) -> str | None:
        """The public address."""

    @property
    def scope(self) -> Scope:
        """What it is valid for."""


def field_changes(old: Described, new: Described) -> tuple[FieldChange, ...]:
    """The properties in which the two differ, the audience first."""
    if (old.scope, old.title, old.language, old.public_url) == (new.scope, new.title, new.language, new.public_url):
        return ()
    before, after = _values(old), _values(new)
    return tuple(FieldChange(name, before[name], after[name]) for name in before if before[name] != after[name])


def _values(described: Described) -> dict[str, FieldValue]:
    scope = {name: _value(getattr(described.scope, name)) for name in SCOPE_FIELDS}
    return {**scope, "title": described.title, "language": described.language, "public_url": described.public_url}


def _value(value: str | tuple[str, ...] | date | None) -> FieldValue:
    return value.isoformat() if isinstance(value, date) else value
