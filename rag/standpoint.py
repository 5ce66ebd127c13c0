"""From which day and region a question is answered: what the caller said, else what the question says, else today and the shop's region."""

from dataclasses import dataclass, replace
from datetime import date

from rag.asked_day import asked_day
from rag.asked_region import asked_region, without_region
from rag.query import Query
from rag.rewrite import leans, rewrite
from rag.validity import NamedBy, Validity


@dataclass(frozen=True, slots=True)
class Standpoint:
    """``query`` has the day and the region in it.

    ``present`` is the same for today, to be asked where an order's day has no rule that answers.
    ``sure``: the day was asked for as such, so the answer says which one it is; else it does only where it is not by today's documents.
    ``other_day`` is a day named besides: whether another rule held then is worth telling.
    """

    query: Query
    today: date
    validity: Validity
    sure: bool = False
    present: "Standpoint | None" = None
    other_day: date | None = None


def standpoint_of(query: Query) -> Standpoint:
    """Where ``query`` stands. What the caller named is never overridden; the audience is never touched."""
    region, region_from = _region(query)
    placed = replace(query, region=region)
    if query.today is not None:
        return _standing(placed, query.today, "request", region_from, sure=True)
    asked = next((found for text in _texts(query) if (found := asked_day(text, query.as_of)) is not None), None)
    present = _standing(placed, query.as_of, "default", region_from)
    if asked is None:
        return present
    searched = replace(placed, text=asked.without) if asked_day(query.text, query.as_of) == asked and asked.without else placed
    if asked.as_of is None:
        return replace(present, query=searched, other_day=asked.other)
    past = _standing(replace(searched, as_of=asked.as_of, today=query.as_of), query.as_of, "question", region_from, asked.sure)
    return replace(past, other_day=asked.other, present=None if asked.sure else present)


def unplaced(stand: Standpoint) -> Standpoint | None:
    """The same without the region in its words, to be asked where nothing answers with them; None where the question named none."""
    if stand.validity.region_from != "question":
        return None
    bare = without_region(stand.query.text)
    return replace(stand, query=replace(stand.query, text=bare)) if bare and bare != stand.query.text else None


def _standing(query: Query, today: date, as_of_from: NamedBy, region_from: NamedBy, sure: bool = False) -> Standpoint:
    return Standpoint(query, today, Validity(query.as_of, query.scope.region, as_of_from, region_from), sure)


def _region(query: Query) -> tuple[str | None, NamedBy]:
    if query.region is not None:
        return query.region, "request"
    named = next((found for text in _texts(query) if (found := asked_region(text)) is not None), None)
    return named, "default" if named is None else "question"


def _texts(query: Query) -> tuple[str, ...]:
    """The question itself, and for one that leans on those before it what they say together."""
    return (query.text, rewrite(query)) if leans(query.text) else (query.text,)
