"""Fixed sentences about where and when a rule holds. They say nothing of what the rule is, and so need no citation."""

from collections.abc import Sequence
from datetime import date

from babel.dates import format_date

from kb.region import region_name
from rag.phrases import DEFAULT_LANGUAGE

_AS_OF = {
    "en": "As of {day}:",
    "zh": "以{day}的规定为准：",
    "de": "Stand {day}:",
    "fr": "À la date du {day} :",
    "es": "A fecha de {day}:",
    "it": "Alla data del {day}:",
}
_OTHER_DAY = {
    "en": "On {day} another rule held.",
    "zh": "{day}适用的规定与此不同。",
    "de": "Am {day} galt eine andere Regel.",
    "fr": "À la date du {day}, une autre règle s'appliquait.",
    "es": "El {day} se aplicaba otra norma.",
    "it": "Il {day} valeva un'altra regola.",
}
_OTHER_REGIONS = {
    "en": "Other rules hold in: {regions}.",
    "zh": "以下地区另有规定：{regions}。",
    "de": "Andere Regeln gelten in: {regions}.",
    "fr": "D'autres règles s'appliquent dans : {regions}.",
    "es": "Se aplican otras normas en: {regions}.",
    "it": "Altre regole valgono in: {regions}.",
}
_LOCALES = {"en": "en_GB"}
_LISTED = {"zh": "、"}


def as_of_phrase(day: date, language: str) -> str:
    """What stands before an answer by the rules of another ``day`` than today, in ``language`` (English when we have none)."""
    known = _known(language)
    return _AS_OF[known].format(day=_day(day, known))


def other_day_phrase(day: date, language: str) -> str:
    """That another rule held on ``day`` than the one just told."""
    known = _known(language)
    return _OTHER_DAY[known].format(day=_day(day, known))


def other_regions_phrase(regions: Sequence[str], language: str) -> str:
    """That other rules hold in ``regions`` (codes), by their names; a code without a name stands for itself."""
    known = _known(language)
    return _OTHER_REGIONS[known].format(regions=_LISTED.get(known, ", ").join(region_name(code, known) for code in regions))


def _known(language: str) -> str:
    return language if language in _AS_OF else DEFAULT_LANGUAGE


def _day(day: date, language: str) -> str:
    return format_date(day, "long", locale=_LOCALES.get(language, language))
