"""Who may see a text, where, when and about what; and the point of view of one search."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias, get_args

Audience: TypeAlias = Literal["public", "internal"]
AUDIENCES: tuple[Audience, ...] = get_args(Audience)

EU_COUNTRIES = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()
)
REGION_MEMBERS: dict[str, frozenset[str]] = {
    "EU": EU_COUNTRIES,
    "EEA": EU_COUNTRIES | {"EU", "IS", "LI", "NO"},
    "DACH": frozenset({"DE", "AT", "CH"}),
}
REGION_ALIASES = {"UK": "GB", "USA": "US", "PRC": "CN"}
_SUBDIVISION = re.compile(r"([A-Z]{2})-[A-Z0-9]{1,3}")  # ISO 3166-2; which of them exist is not checked
_COUNTRIES_TOO = {
    "CN": frozenset("HK MO TW".split()),
    "FR": frozenset("BL GF GP MF MQ NC PF PM RE TF WF YT".split()),
    "NL": frozenset("AW CW SX".split()),
    "US": frozenset("AS GU MP PR UM VI".split()),
}
"""Parts to which ISO 3166 gives a country's code as well; rules of the whole are seldom meant for them."""


def canonical_region(code: str) -> str:
    """The upper-case region code, with what means the same folded (``uk`` becomes ``GB``, ``UK-SCT`` ``GB-SCT``, ``CN-HK`` ``HK``)."""
    country, dash, part = code.strip().upper().partition("-")
    country = REGION_ALIASES.get(country, country)
    return part if part in _COUNTRIES_TOO.get(country, ()) else f"{country}{dash}{part}"


def country_of(region: str) -> str | None:
    """The country of which ``region`` is a part (``US`` for ``US-CA``); None for what is no part of one."""
    part = _SUBDIVISION.fullmatch(region)
    return None if part is None else part[1]


def region_contains(rule: str, region: str) -> bool:
    """Whether a rule made for ``rule`` holds in ``region``: equal, a member of the group (EU contains FR), or a part of either (FR-IDF)."""
    if rule == region or region in REGION_MEMBERS.get(rule, frozenset()):
        return True
    country = country_of(region)
    return country is not None and region_contains(rule, country)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a document (or one FAQ row) is valid for. An empty tuple or ``None`` means no restriction.

    ``effective_from`` and ``effective_to`` are both inclusive days in the shop's time zone.
    ``supersedes`` names the replaced files by their path within the same source.
    """

    audience: Audience = "public"
    regions: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    effective_from: date | None = None
    effective_to: date | None = None
    supersedes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchScope:
    """The point of view of one search. ``as_of`` is the day whose rules are asked for.

    Without a region only rules without a region hold (the general rule). Without a channel or product,
    texts of every channel and product are admitted. ``anywhere`` looks past region, channel and date, never past audience and
    product: for telling that a rule exists which does not hold here. ``every_region`` looks past the region only, so that what is
    replaced on that day stays out. A face never sets either.
    """

    as_of: date
    audience: Audience = "public"
    region: str | None = None
    channel: str | None = None
    product: str | None = None
    anywhere: bool = False
    every_region: bool = False


def visible_to(text: Audience, reader: Audience) -> bool:
    """Whether a text of audience ``text`` may be shown to ``reader``: internal readers see everything."""
    return text == "public" or reader == "internal"


def admits(scope: Scope, search: SearchScope) -> bool:
    """Whether a text with ``scope`` may be used for ``search``, ``supersedes`` aside (that needs the other documents)."""
    return (
        visible_to(scope.audience, search.audience)
        and _admits_name(scope.products, search.product)
        and (search.anywhere or holds_for(scope, search))
    )


def holds_for(scope: Scope, search: SearchScope) -> bool:
    """Whether a text with ``scope`` holds in the region and channel and on the day of ``search``."""
    return (
        (search.every_region or _admits_region(scope.regions, search.region))
        and _admits_name(scope.channels, search.channel)
        and (scope.effective_from is None or scope.effective_from <= search.as_of)
        and (scope.effective_to is None or search.as_of <= scope.effective_to)
    )


def _admits_region(rules: tuple[str, ...], region: str | None) -> bool:
    if not rules:
        return True
    if region is None:
        return False
    return any(region_contains(rule, canonical_region(region)) for rule in rules)


def _admits_name(allowed: tuple[str, ...], name: str | None) -> bool:
    if not allowed or name is None:
        return True
    return name.casefold() in {entry.casefold() for entry in allowed}
