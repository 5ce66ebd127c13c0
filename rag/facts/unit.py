"""Units of measure: their names in several languages, their dimension, and the factor to the unit in which it is compared."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

SECONDS = "seconds"
MONTHS = "months"
BUSINESS_DAYS = "business days"


@dataclass(frozen=True, slots=True)
class Unit:
    """``value * factor`` is in the base unit of ``dimension``; quantities of different dimensions are never equal.

    ``other`` is what the same name means elsewhere: "pounds" are weighed and paid, 分 are minutes and points.
    """

    dimension: str
    factor: Decimal
    other: "Unit | None" = None


def _unit(dimension: str, factor: str | int = 1, other: Unit | None = None) -> Unit:
    return Unit(dimension, Decimal(factor), other)


_GROUPS: tuple[tuple[str, Unit], ...] = (
    ("ms|millisecond|milliseconds|毫秒", _unit(SECONDS, "0.001")),
    ("s|sec|secs|second|seconds|秒钟|秒|seconde|secondes|sekunde|sekunden|segundo|segundos|secondo|secondi", _unit(SECONDS)),
    ("min|mins|minute|minutes|分钟|minuten|minuto|minutos|minuti", _unit(SECONDS, 60)),
    ("分", _unit(SECONDS, 60, _unit("points"))),
    ("h|hr|hrs|hour|hours|hourly|小时|钟头|heure|heures|stunde|stunden|hora|horas|ora|ore", _unit(SECONDS, 3600)),
    (
        "day|days|calendar day|calendar days|天|日历日|自然日|日|jour|jours|tag|tage|tagen|tages|día|días|giorno|giorni",
        _unit(SECONDS, 86_400),
    ),
    ("week|weeks|星期|礼拜|周|semaine|semaines|woche|wochen|semana|semanas|settimana|settimane", _unit(SECONDS, 604_800)),
    ("fortnight|fortnights", _unit(SECONDS, 1_209_600)),
    ("quarter year|quarter years|quarterly|季度|quartal|trimestre|trimestres", _unit(MONTHS, 3)),
    ("decade|decades", _unit(MONTHS, 120)),
    ("month|months|月|mois|monat|monate|monaten|monats|mes|meses|mese|mesi", _unit(MONTHS)),
    ("year|years|yr|yrs|年|an|ans|année|années|jahr|jahre|jahren|jahres|año|años|anno|anni", _unit(MONTHS, 12)),
    ("business day|business days|working day|working days|weekday|weekdays|工作日", _unit(BUSINESS_DAYS)),
    ("jour ouvré|jours ouvrés|jour ouvrable|jours ouvrables|werktag|werktage|werktagen", _unit(BUSINESS_DAYS)),
    ("arbeitstag|arbeitstage|arbeitstagen|día hábil|días hábiles|día laborable|días laborables", _unit(BUSINESS_DAYS)),
    ("giorno lavorativo|giorni lavorativi", _unit(BUSINESS_DAYS)),
    ("%|percent|per cent|pour cent|prozent|por ciento|per cento|個百分點|个百分点", _unit("percent")),
    ("折", _unit("discount")),
    ("$|usd|us$|dollar|dollars|bucks|美元|美金|dólares", _unit("USD")),
    ("€|eur|euro|euros|欧元", _unit("EUR")),
    ("£|gbp|pound sterling|pounds sterling|quid|英镑|镑", _unit("GBP")),
    ("¥|￥|cny|rmb|yuan|元|块钱|块|人民币", _unit("CNY")),
    ("chf|francs suisses|瑞士法郎", _unit("CHF")),
    ("cent|cents|¢|pence|penny|centime|centimes", _unit("cents")),
    ("mm|millimetre|millimetres|millimeter|millimeters|毫米|millimètres", _unit("metres", "0.001")),
    ("cm|centimetre|centimetres|centimeter|centimeters|厘米|公分|centimètres|zentimeter", _unit("metres", "0.01")),
    ("m|metre|metres|meter|meters|米|公尺|mètre|mètres|metern|metro|metros|metri", _unit("metres")),
    ("km|kilometre|kilometres|kilometer|kilometers|公里|千米|kilomètres", _unit("metres", 1000)),
    ("in|inch|inches|英寸|寸|pouces|zoll|pulgadas", _unit("metres", "0.0254")),
    ("ft|foot|feet|英尺", _unit("metres", "0.3048")),
    ("mi|mile|miles|英里", _unit("metres", "1609.344")),
    ("mg|milligram|milligrams|毫克", _unit("grams", "0.001")),
    ("g|gram|grams|gramme|grammes|克|gramm", _unit("grams")),
    ("kg|kilo|kilos|kilogram|kilograms|公斤|千克|kilogramm|kilogrammes", _unit("grams", 1000)),
    ("斤", _unit("grams", 500)),
    ("t|tonne|tonnes|吨", _unit("grams", 1_000_000)),
    ("oz|ounce|ounces|盎司", _unit("grams", "28.349523125")),
    ("lb|lbs|磅", _unit("grams", "453.59237")),
    ("pound|pounds", _unit("grams", "453.59237", _unit("GBP"))),
    ("ml|millilitre|millilitres|milliliter|milliliters|毫升|cc", _unit("litres", "0.001")),
    ("cl", _unit("litres", "0.01")),
    ("dl", _unit("litres", "0.1")),
    ("l|litre|litres|liter|liters|升|公升|litro|litros|litri", _unit("litres")),
    ("gallon|gallons|加仑", _unit("litres", "3.785411784")),
    ("°c|℃|degrees celsius|degree celsius|degrees|摄氏度|度|grad|degrés|grados|gradi|°", _unit("celsius")),
    ("°f|℉|degrees fahrenheit|华氏度", _unit("fahrenheit")),
    ("mw|milliwatt", _unit("watts", "0.001")),
    ("w|watt|watts|瓦", _unit("watts")),
    ("kw|kilowatt|kilowatts|千瓦", _unit("watts", 1000)),
    ("wh|watt hours|瓦时", _unit("watt hours")),
    ("kwh|kilowatt hours|度电|千瓦时", _unit("watt hours", 1000)),
    ("v|volt|volts|伏|伏特", _unit("volts")),
    ("a|amp|amps|ampere|安|安培", _unit("amperes")),
    ("ma|毫安", _unit("amperes", "0.001")),
    ("mah|毫安时|milliamp hours", _unit("ampere hours", "0.001")),
    ("ah|安时", _unit("ampere hours")),
    ("hz|hertz|赫兹", _unit("hertz")),
    ("khz|千赫", _unit("hertz", 1000)),
    ("mhz|兆赫", _unit("hertz", 1_000_000)),
    ("ghz|吉赫", _unit("hertz", 1_000_000_000)),
    ("db|decibel|decibels|分贝|dezibel|décibels", _unit("decibels")),
    ("nm|newton metre|newton metres|newton meters|牛米|牛·米", _unit("newton metres")),
    ("lb-ft|ft-lb|lbf·ft|foot-pounds|pound-feet", _unit("newton metres", "1.3558179483")),
    ("mbar|millibar|毫巴", _unit("pascals", 100)),
    ("n|newton|newtons|牛", _unit("newtons")),
    ("pa|帕", _unit("pascals")),
    ("kpa|千帕", _unit("pascals", 1000)),
    ("bar|bars|巴", _unit("pascals", 100_000)),
    ("kb", _unit("bytes", 1000)),
    ("mb|megabyte|megabytes|兆", _unit("bytes", 1_000_000)),
    ("gb|gigabyte|gigabytes|g内存", _unit("bytes", 1_000_000_000)),
    ("tb|terabyte|terabytes", _unit("bytes", 1_000_000_000_000)),
    ("mbps|mbit/s|mb/s", _unit("bits per second", 1_000_000)),
    ("gbps|gbit/s", _unit("bits per second", 1_000_000_000)),
    ("m²|㎡|m2|square metres|square meters|平方米|平米|平方|mètres carrés|quadratmeter", _unit("square metres")),
    ("cm²|平方厘米", _unit("square metres", "0.0001")),
    ("m³/h|m3/h|立方米/小时|立方米每小时", _unit("cubic metres per hour")),
    ("km/h|kph|km per hour|kilometres per hour|kilometers per hour|公里/小时|公里每小时", _unit("km/h")),
    ("kilometres an hour|kilometers an hour", _unit("km/h")),
    ("mph|miles per hour|miles an hour", _unit("km/h", "1.609344")),
    ("mm/s|millimetres per second|毫米/秒", _unit("metres per second", "0.001")),
    ("cm/s|centimetres per second|厘米/秒", _unit("metres per second", "0.01")),
    ("m/s|metres per second|米/秒", _unit("metres per second")),
    ("rpm|转/分|转", _unit("rpm")),
    ("lm|lumen|lumens|流明", _unit("lumens")),
    ("kelvin", _unit("kelvin")),
    ("px|pixels|像素", _unit("pixels")),
    ("°dh|dh", _unit("german hardness")),
    ("times|time|次|fois|mal|veces|volte", _unit("times")),
)
UNITS: dict[str, Unit] = {name: unit for names, unit in _GROUPS for name in names.split("|")}
"""Every name, in lower case. What is sold or counted (cups, pieces, devices) has no unit: there the bare number is compared."""
CURRENCY_SIGNS = tuple(name for name in UNITS if UNITS[name].dimension in {"USD", "EUR", "GBP", "CNY", "CHF"})
"""These also stand before the number."""
ARTICLE_UNITS = frozenset(name for name, unit in UNITS.items() if unit.dimension in {SECONDS, MONTHS, BUSINESS_DAYS} and len(name) > 2) - {
    "second"
}
"""After "a", "ein", "un" these say "one": "within a month"."""
_NOT_BEFORE = {
    "分": "(?![钟贝之期别次区类级体开享析散布店公成水明])",
    "块": "(?=[，。；、,.;!！？?）)\\s]|$|钱|左右|以上|以下|以内|一[个件]|起|的|就|能|可|不)",
}
"""Names that are something else before certain characters: 分期, 分类, 两块电池."""


def alternatives(names: Iterable[str]) -> str:
    """A pattern for any of ``names`` in lower case, the longest first; names in Latin letters end where the word does."""
    ordered = sorted(names, key=len, reverse=True)
    return "|".join(re.escape(name) + _ending(name) for name in ordered)


def _ending(name: str) -> str:
    return r"(?![^\W\u4e00-\u9fff]|[²³/])" if name[-1].isascii() and name[-1].isalpha() else _NOT_BEFORE.get(name, "")
