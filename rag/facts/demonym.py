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
        "DE-BY": "Bavarian",
        "DK": "Danish",
        "ES": "Spanish",
        "EU": "European",
        "FI": "Finnish",
        "FR": "French",
        "GB": "British",
        "GB-ENG": "English",
        "GB-SCT": "Scottish",
        "GB-WLS": "Welsh",
        "GR": "Greek",
        "HR": "Croatian",
        "HU": "Hungarian",
        "IE": "Irish",
        "IT": "Italian",
        "JP": "Japanese",
        "NL": "Dutch",
        "NO": "Norwegian",
        "PL": "Polish",
        "PT": "Portuguese",
        "SE": "Swedish",
        "SI": "Slovenian Slovene",
        "US": "American",
        "US-CA": "Californian",
        "US-TX": "Texan",
    }.items()
    for adjective in adjectives.split()
}
_PEOPLE = {
    name: code
    for code, names in {
        "AT": "Austrians",
        "AU": "Australians",
        "BE": "Belgians",
        "CA": "Canadians",
        "CZ": "Czechs",
        "DE": "Germans",
        "DK": "Danes",
        "ES": "Spaniards",
        "EU": "Europeans",
        "FI": "Finns",
        "GB": "Britons Brits",
        "GR": "Greeks",
        "HR": "Croats Croatians",
        "HU": "Hungarians",
        "IT": "Italians",
        "NO": "Norwegians",
        "PL": "Poles",
        "SE": "Swedes",
        "SI": "Slovenes Slovenians",
        "US": "Americans",
    }.items()
    for name in names.split()
}
_LANGUAGE = (
    "and|or|is|are|was|in|on|at|by|for|from|to|with|but|also|only|languages?|speak\\w*|versions?|editions?|manuals?|texts?|characters?|letters?"
    "|translations?|instructions|menus?|voices?|subtitles|interface|layout|keyboards?|press|line|advisers?|staff|desk|teams?|support|pages?"
    "|oven|oak|pine"
)
"""Behind an adjective these say that a language is meant, or a kind of thing."""
_DEMONYM = re.compile(
    rf"\b(?P<adjective>{'|'.join(_COUNTRIES)})\s(?!(?:{_LANGUAGE})\b)(?=[a-z])|\b(?P<people>{'|'.join(_PEOPLE)})\b"
    r"|(?<=\bthe )(?P<nation>Dutch|French|Swiss|British|Irish|Spanish|Portuguese)(?=[.,;]|\s(?:pay|get|wait|have|can|may)\b)"
)


def find_demonyms(text: str) -> list[Region]:
    """The countries whose people, customers, orders, shops and the like ``text`` speaks of, from left to right."""
    return [_region(match) for match in _DEMONYM.finditer(text)]


def _region(match: re.Match[str]) -> Region:
    name = next(name for name in ("adjective", "people", "nation") if match[name])
    return Region(match.start(name), match.end(name), _PEOPLE.get(match[name]) or _COUNTRIES[match[name]])
