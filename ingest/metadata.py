"""What a file, an FAQ row or a `_scope.yaml` says about a text: read strictly, because a slip here could publish an internal note."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from kb.errors import ParseError
from kb.region import region_code
from kb.scope import AUDIENCES, Audience, Scope
from kb.text.language_code import known_language

CLOSE_SPELLING = 0.8  # difflib ratio from which an unknown key is taken for a misspelt one; "audiance" has 0.88, "author" 0.43


@dataclass(frozen=True, slots=True)
class Metadata:
    """What was said, key by key. ``None`` means that nothing was said, which is not the same as an empty list (no restriction)."""

    title: str | None = None
    language: str | None = None
    public_url: str | None = None
    audience: Audience | None = None
    regions: tuple[str, ...] | None = None
    channels: tuple[str, ...] | None = None
    products: tuple[str, ...] | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    supersedes: tuple[str, ...] | None = None

    def over(self, outer: "Metadata") -> "Metadata":
        """These values, and ``outer``'s where nothing was said here."""
        return Metadata(*(mine if (mine := getattr(self, key)) is not None else getattr(outer, key) for key in KEYS))

    @property
    def is_empty(self) -> bool:
        """Whether nothing was said at all."""
        return self == Metadata()

    def scope(self) -> Scope:
        """The scope with the defaults where nothing was said. Raises ParseError if the days contradict each other."""
        if self.effective_from and self.effective_to and self.effective_to < self.effective_from:
            raise ParseError(f"effective_to ({self.effective_to}) lies before effective_from ({self.effective_from})")
        return Scope(
            audience=self.audience or "public",
            regions=self.regions or (),
            channels=self.channels or (),
            products=self.products or (),
            effective_from=self.effective_from,
            effective_to=self.effective_to,
            supersedes=self.supersedes or (),
        )


KEYS = tuple(field.name for field in fields(Metadata))
LIST_KEYS = ("regions", "channels", "products", "supersedes")
RESTRICTING_KEYS = ("audience", "regions", "channels", "products", "effective_from", "effective_to")


def read_metadata(values: Mapping[str, object], where: str, foreign_keys: bool = True) -> Metadata:
    """The metadata among ``values``; ``where`` begins every message.

    Foreign keys (``author``, ``layout``) are ignored if ``foreign_keys`` allows them, but one that looks like a misspelt
    restriction is refused: ``audiance: internal`` must not become public. Raises ParseError.
    """
    known: dict[str, object] = {}
    for raw_key, value in values.items():
        key = str(raw_key).strip().casefold()
        if key in KEYS:
            known[key] = value
        else:
            _check_foreign_key(key, where, foreign_keys)
    try:
        return Metadata(**{key: _read_value(key, value) for key, value in known.items()})  # type: ignore[arg-type]
    except ParseError as error:
        raise ParseError(f"{where}: {error}") from error


def read_cells(cells: Mapping[str, str], where: str) -> Metadata:
    """The metadata in the cells of an FAQ row or the like, where an empty cell says nothing. Raises ParseError."""
    return read_metadata({key: value for key, value in cells.items() if value.strip()}, where)


def _check_foreign_key(key: str, where: str, allowed: bool) -> None:
    close = difflib.get_close_matches(key, RESTRICTING_KEYS if allowed else KEYS, n=1, cutoff=CLOSE_SPELLING)
    if close:
        raise ParseError(f"{where}: the key {key!r} is unknown; write {close[0]!r} if that is meant, or rename it")
    if not allowed:
        raise ParseError(f"{where}: the key {key!r} is unknown; the keys are {', '.join(KEYS)}")


def _read_value(key: str, value: object) -> object:
    if key in LIST_KEYS:
        return _read_list(key, value)
    if value is None:
        if key in RESTRICTING_KEYS:
            raise ParseError(f"{key} is empty; give it a value or leave the key out")
        return None
    match key:
        case "audience":
            return _read_audience(value)
        case "effective_from" | "effective_to":
            return _read_date(key, value)
        case "language":
            return _read_language(value)
        case "public_url":
            return _read_url(value)
        case _:
            return " ".join(str(value).split()) or None


def _read_audience(value: object) -> Audience:
    for audience in AUDIENCES:
        if str(value).strip().casefold() == audience:
            return audience
    raise ParseError(f"the audience {str(value)!r} is unknown; write {' or '.join(AUDIENCES)}")


def _read_date(key: str, value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value).strip()
    try:
        return datetime.fromisoformat(text).date()
    except ValueError as error:
        raise ParseError(f"{key} is {text!r}, which is not a day; write it as 2026-01-31") from error


def _read_language(value: object) -> str:
    text = str(value).strip()
    code = None if isinstance(value, bool) else known_language(text)
    if code is None:
        raise ParseError(f'language is {text!r}, which is not a language code; write one such as "en" or "zh" (in quotes, "no" above all)')
    return code


def _read_url(value: object) -> str:
    text = str(value).strip()
    try:
        parts = urlsplit(text)
    except ValueError as error:
        raise ParseError(f"public_url is {text!r}, which is not an address ({error})") from error
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ParseError(f"public_url is {text!r}; write an address that begins with https://")
    return text


def _read_list(key: str, value: object) -> tuple[str, ...] | None:
    if value is None:
        raise ParseError(f"{key} is empty; write [] for no restriction or leave the key out")
    if isinstance(value, bool) or (isinstance(value, (list, tuple)) and any(isinstance(item, bool) for item in value)):
        raise ParseError(f'{key} holds a yes or no; write "NO" in quotes for Norway')
    if isinstance(value, Mapping):
        raise ParseError(f"{key} must be a list or values separated by ';'")
    parts = value if isinstance(value, (list, tuple)) else re.split("[;；]", str(value))
    names = tuple(dict.fromkeys(text for part in parts if (text := str(part).strip())))
    if not names and not isinstance(value, (list, tuple)):
        raise ParseError(f"{key} is empty; write [] for no restriction or leave the key out")
    match key:
        case "regions":
            return tuple(dict.fromkeys(_read_region(name) for name in names))
        case "supersedes":
            return tuple(_read_path(name) for name in names)
        case _:
            return names


def _read_region(name: str) -> str:
    region = region_code(name)
    if region is None:
        codes = "write one such as DE, EU or US-CA, a country's name, or two to five letters of your own"
        raise ParseError(f"the region {name!r} is not a code; {codes} (several as a list, or separated by ';')")
    return region


def _read_path(name: str) -> str:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise ParseError(f"supersedes names {name!r}; write the file's path within its source")
    return path.as_posix()
