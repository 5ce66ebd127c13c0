"""The day whose rules a question asks for in its own words: "What was the return period in 2024?", "我去年六月下的单".

Three things are told apart (docs/decisions/0024-validity.md). *Rule*: the question asks what held, or will hold, at that time. *Order*:
something was or will be ordered or bought then, and the terms agreed on that day go with the order. *Event*: something else happened then
(a delivery, a fault) or it cannot be told; this decides nothing, and it is only told if another rule held on that day.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from rag.facts.period import Period, find_periods, period_feast

Kind = Literal["rule", "order", "event"]
VAGUE_DAYS = 31
"""An order placed in a longer stretch than this has no day that could decide."""
_AROUND = 14
_ORDER = re.compile(
    r"\b(?:ordered|bought|purchased|orders?|purchases?|buy|buying)\b|下的?单|下订单|购买|购入|订购|订的|买的|买了|拍下|入手|(?<!购)买(?!家)"
    r"|\b(?:bestell(?:t|te|ten|ung|ungen)|gekauft|kaufte|erworben|kauf)\b|\b(?:commandé\w*|commandes?|acheté\w*|achats?)\b"
    r"|\b(?:comprad\w+|compré|compra|pedí|pedidos?)\b|\b(?:comprat\w+|ordinat\w+|acquistat\w+|acquisto|ordine)\b",
    re.IGNORECASE,
)
_EVENT = re.compile(
    r"\b(?:delivered|received|arrived|shipped|dispatched|broke|broken|failed|stopped|registered)\b"
    r"|\b(?:i|we|ve|have)\s(?:\w+\s){0,2}(?:returned|sent)\b"
    r"|收到|签收|到货|送到|发货|坏了|坏的|退了|寄回|寄出"
    r"|\b(?:geliefert|erhalten|bekommen|angekommen|zugestellt|verschickt|kaputt|zurückgeschickt)\b"
    r"|\b(?:livré\w*|reçu\w*|arrivé\w*|cassé\w*)\b"
    r"|\b(?:entregad\w+|recib\w+|llegó)\b|\b(?:consegnat\w+|ricevut\w+|arrivat\w+)\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:was|were|did|had|used to|could|applied|held)\b"
    r"|\b(?:war|waren|galt|galten|gab|hatte|hatten|konnten?|mussten?|durften?|kostete|betrug|hat|haben|wurden?)\b"
    r"|\b(?:était|étaient|avait|avaient|fallait|pouvait|coûtait|durait|valait|s['’]appliquai(?:t|ent))\b|\ba-t-(?:il|elle|on)\b"
    r"|\b(?:era|eran|había|tenía|podía|costaba|fue|costó)\b|\b(?:erano|aveva|poteva|costava|valeva)\b",
    re.IGNORECASE,
)
_FUTURE = re.compile(
    r"\b(?:will|shall|going to|from|starting)\b|\b(?:wird|werden|werde|ab)\b|\b(?:sera|seront|à partir)\b"
    r"|\b(?:será|serán|desde|partir)\b|\bsarà\b",
    re.IGNORECASE,
)
_RULE_AFTER = re.compile(
    r"\s(?:\w+\s){0,2}(?:polic(?:y|ies)|rules?|terms|conditions)\b|\s?(?:版|年版)?的?(?:政策|规则|规定|条款)", re.IGNORECASE
)
_OWN = re.compile(r"\b(?:my|mine|our|mein\w*|unser\w*|mon|ma|mes|notre|nos|mi|mis|mio|mia)\b|我的|我家", re.IGNORECASE)
_BEFORE = re.compile(r"\b(?:before|prior to|vor|avant|antes del?|prima del?)(?:\s(?:the|dem|le|l['’]|el))?\s*$", re.IGNORECASE)
_BEFORE_AFTER = re.compile(r"\s?(?:之前|以前|前)")
_SINCE = re.compile(r"\b(?:since|after|seit|nach|depuis|après|desde|dopo)(?:\s(?:the|dem|le|el))?\s*$", re.IGNORECASE)
_DEADLINE = re.compile(
    r"\b(?:until|till|by|through|up to|bis|jusqu['’]\w+|hasta|fino a\w*|entro)(?:\s(?:the|zum|le|el|il))?\s*$"
    r"|(?:截至|截止到?|直到|到|至)\s*$",
    re.IGNORECASE,
)
_DEADLINE_AFTER = re.compile(r"\s?(?:为止|截止|到期)")
_NAME_AFTER = re.compile(
    r"\s?(?:款|型|版(?!的?(?:政策|规))|新品)|\s(?:edition|model|version|series|collection|catalogue|catalog)\b", re.IGNORECASE
)
_SPACELESS = re.compile(r"[\u3400-\u9fff]")
_PREPOSITION = re.compile(
    r"\b(?:on|in|of|from|before|prior to|since|after|as of|back in|during|the|am|im|vom|von|vor|seit|nach|ab"
    r"|le|du|en|avant|depuis|el|del|de|il|nel)"
    r"(?:\s(?:the|dem|den|le|el|il))?\s*$",
    re.IGNORECASE,
)
_PARTICLE = re.compile(r"^\s?(?:的时候|时候|那时|之前|以前|前|时|的|，)+")
_QUESTION = re.compile(r"[?？]|[吗呢几谁]|多少|多久|什么|怎么|哪")
_SENTENCE = re.compile(r"(?<!\d)[.!](?=\s|$)|[?？。！\n]")


@dataclass(frozen=True, slots=True)
class AskedDay:
    """``as_of`` is the day whose rules are asked for, None where today's are; ``sure``: today's rules would be no answer.

    ``other`` is a day named besides, of which it may be told that another rule held. ``without`` is the text without the days: what
    to search for, because documents seldom name the day that they are asked about.
    """

    as_of: date | None
    sure: bool
    other: date | None
    without: str = ""


def asked_day(text: str, today: date) -> AskedDay | None:
    """The day that ``text`` asks for, seen from ``today`` in the shop's time zone; None where it names no other day than the present."""
    named = [(period, kind) for period in find_periods(text, today) if (kind := _kind(text, period, today)) is not None]
    named = [(_bounded(text, period), kind) for period, kind in named]
    named = [(period, kind) for period, kind in named if not period.first <= today <= period.last]
    if not named:
        return None
    without = _without(text, [period for period, _ in named])
    orders = [period for period, kind in named if kind == "order"]
    rules = [period for period, kind in named if kind == "rule"]
    deciding = rules if rules else orders
    if len({(one.first, one.last) for one in deciding}) == 1 and not _too_vague(deciding[0], bool(rules)):
        one = deciding[0]
        if one.first > today:
            return AskedDay(one.first, bool(rules), None, without)
        return AskedDay(one.last, bool(rules), one.first if one.first != one.last else None, without)
    past = [period.last for period, _ in named if period.last < today]
    return AskedDay(None, False, max(past), without) if past else None


def _without(text: str, periods: Sequence[Period]) -> str:
    for period in reversed(periods):
        before = _PREPOSITION.sub("", text[: period.start])
        after = text[period.end :]
        kept = period_feast(text[period.start : period.end])
        text = f"{before.rstrip()} {kept} {after.lstrip()}" if not _SPACELESS.search(text) else f"{before}{kept}{_PARTICLE.sub('', after)}"
    return text.strip(" ,，")


def _too_vague(period: Period, rule: bool) -> bool:
    return not rule and (period.last - period.first).days > VAGUE_DAYS


def _bounded(text: str, period: Period) -> Period:
    """``period``, or the day before it where the text says "before"."""
    if _BEFORE.search(text[: period.start]) or _BEFORE_AFTER.match(text[period.end :]):
        day = period.first - timedelta(days=1)
        return Period(period.start, period.end, day, day, period.yearless)
    return period


def _kind(text: str, period: Period, today: date) -> Kind | None:
    """What ``period`` is in ``text``; None where it is no time at all for a rule: a deadline, the name of a thing."""
    before, after = text[: period.start], text[period.end :]
    if _DEADLINE.search(before) or _DEADLINE_AFTER.match(after) or _NAME_AFTER.match(after):
        return None
    sentence, offset = _sentence(text, period)
    place = period.start - offset
    order, event = _nearest(_ORDER, sentence, place), _nearest(_EVENT, sentence, place)
    if order is not None and (event is None or order <= event):
        return "order"
    if event is not None:
        return "event"
    if period.yearless:
        return None
    return _kind_of_rule(text, sentence, period, today)


def _kind_of_rule(text: str, sentence: str, period: Period, today: date) -> Kind | None:
    before, after = text[: period.start], text[period.end :]
    if _RULE_AFTER.match(after):
        return "rule"
    if not _QUESTION.search(sentence):
        return "event"
    if _SINCE.search(before) and period.first <= today:
        return None
    if _OWN.search(sentence):
        return "event"
    if _SPACELESS.search(sentence):
        deadline = _BEFORE_AFTER.match(after) is not None and not re.search(r"是|规定|政策|当时", after)
        return None if deadline else "rule"
    tense = _PAST if period.first <= today else _FUTURE
    return "rule" if tense.search(sentence) or len(sentence) - (period.end - period.start) <= _AROUND else None


def _sentence(text: str, period: Period) -> tuple[str, int]:
    """The sentence with ``period``, its closing mark included, and where it begins."""
    ends: Sequence[int] = [match.end() for match in _SENTENCE.finditer(text)]
    start = max((end for end in ends if end <= period.start), default=0)
    end = min((end for end in ends if end >= period.end), default=len(text))
    return text[start:end], start


def _nearest(pattern: re.Pattern[str], sentence: str, place: int) -> int | None:
    return min((abs(match.start() - place) for match in pattern.finditer(sentence)), default=None)
