"""People, parcels and laws of a country, named by its adjective: "Swiss customers". An adjective alone is more often a language."""

import re

from rag.facts.region import Region

_COUNTRIES = {
    adjective: code
    for code, adjectives in {
        "AT": "Austrian",
        "AU": "Australian",
        "BE": "Belgian",
        "CA": "Canadian",
        "CH": "Swiss",
        "CN": "Chinese",
        "CZ": "Czech",
        "DE": "German",
        "DK": "Danish",
        "ES": "Spanish",
        "EU": "European",
        "FI": "Finnish",
        "FR": "French",
        "GB": "British Scottish Welsh English",
        "GR": "Greek",
        "HU": "Hungarian",
        "IE": "Irish",
        "IT": "Italian",
        "JP": "Japanese",
        "NL": "Dutch",
        "NO": "Norwegian",
        "PL": "Polish",
        "PT": "Portuguese",
        "SE": "Swedish",
        "US": "American",
    }.items()
    for adjective in adjectives.split()
}
_BELONGING = (
    "customers?|buyers?|shoppers?|clients?|residents?|consumers?|orders?|parcels?|address(?:es)?|deliver(?:y|ies)|postcodes?|law"
    "|mainland|warehouses?"
)
_DEMONYM = re.compile(rf"\b(?P<adjective>{'|'.join(_COUNTRIES)})\s(?=(?:{_BELONGING})\b)")


def find_demonyms(text: str) -> list[Region]:
    """The countries whose customers, orders, addresses and the like ``text`` speaks of, from left to right."""
    return [Region(match.start(), match.end("adjective"), _COUNTRIES[match["adjective"]]) for match in _DEMONYM.finditer(text)]
