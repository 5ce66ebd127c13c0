"""Whether a claim speaks of the product and of the region that its passage speaks of."""

import re
from collections.abc import Iterator, Sequence

from kb.scope import country_of
from kb.text.tokens import tokenize
from rag.facts.demonym import find_demonyms
from rag.facts.fact import find_facts
from rag.facts.model_name import find_model_names
from rag.facts.place import find_places
from rag.facts.region import Region, find_regions
from rag.facts.span import overlaps
from rag.verify.attribution import Known, find_attribution_problems, subjects_of
from rag.verify.binding import ClaimFacts
from rag.verify.cells import label_of_other_words
from rag.verify.checked_passage import CheckedPassage
from rag.verify.problem import Problem

_LETTER = "A-Za-zÀ-ÖØ-öø-ÿ"
_NAME = re.compile(rf"(?<![{_LETTER}0-9_-])[{_LETTER}][{_LETTER}0-9_+-]*(?:['’][{_LETTER}]+)?")
_OPENS = re.compile(r"(?:^|[.!?:;“\"(（「。！？：；]|[–—]|\s-)\s*$")
CAPITALISED_NOUNS = frozenset({"de"})
_EVERYWHERE = frozenset("i i'm i'll i'd i've ok yes no faq please note".split())


def find_name_problems(claim: ClaimFacts, passage: CheckedPassage, leant_on: Sequence[int]) -> list[Problem]:
    """Products, other proper names and regions of ``claim`` that the passage does not speak of."""
    told = f"{passage.heading.text}\n" + "\n".join(statement.text for statement in passage.statements)
    named = [*_models(claim, passage, leant_on), *_variants(claim, passage), *_names(claim, passage, told)]
    named += [one for one in _labels(claim, passage, leant_on) if not overlaps(one, named)]
    named += [*_regions(claim, passage, leant_on), *_places(claim, passage)]
    return [*named, *(problem for problem in find_attribution_problems(claim, passage) if not overlaps(problem, named))]


def _models(claim: ClaimFacts, passage: CheckedPassage, leant_on: Sequence[int]) -> Iterator[Problem]:
    """ "Rovo 320" where the sentence, or else the heading, speaks of Rovos with other numbers only."""
    near = [passage.statements[number] for number in leant_on[:1]]
    claimed = find_model_names(claim.text, claim.facts, passage.series)
    for series in dict.fromkeys(model.series for model in claimed):
        ours = {model.value: model for model in claimed if model.series == series}
        for statement in (*near, passage.heading):
            named = find_model_names(statement.text, statement.facts, passage.series)
            told = {model.value: model for model in named if model.series == series}
            lowered = statement.text.casefold()
            if any(f"{series} {value}" in lowered for value in ours):
                break
            if told and not ours.keys() & told.keys():
                model, other = next(iter(ours.values())), next(iter(told.values()))
                yield Problem("name", claim.text[model.start : model.end], model.start, model.end, statement.text[other.start : other.end])
            if told:
                break


def _variants(claim: ClaimFacts, passage: CheckedPassage) -> Iterator[Problem]:
    """ "T3" where the heading and all the passage speak of the "T3 Mini" only, and the other way round."""
    known = Known(passage.series)
    heading = subjects_of(passage.heading.text, passage.heading.facts, passage.language, known)
    told = [*heading, *subjects_of(passage.text, tuple(find_facts(passage.text, passage.language)), passage.language, known)]
    for ours in subjects_of(claim.text, claim.facts, claim.language, known):
        variants = {one.variant for one in told if one.base == ours.base}
        if ours.base and ours.variant not in variants and any(one.base == ours.base for one in heading):
            other = next(one for one in heading if one.base == ours.base)
            written = passage.heading.text[other.start : other.end]
            yield Problem("name", claim.text[ours.start : ours.end], ours.start, ours.end, written)


def _labels(claim: ClaimFacts, passage: CheckedPassage, leant_on: Sequence[int]) -> Iterator[Problem]:
    """A column of a table whose cell says nothing of what the claim says, while another one's does."""
    for number in leant_on[:1] if claim.language == passage.language else ():
        label = label_of_other_words(claim, passage.statements[number], passage.language)
        start = claim.text.casefold().find(label) if label is not None else -1
        if label is not None and start >= 0:
            yield Problem("name", claim.text[start : start + len(label)], start, start + len(label))


def _names(claim: ClaimFacts, passage: CheckedPassage, told: str) -> Iterator[Problem]:
    """Names with a capital (any Latin word in a Chinese sentence) that occur nowhere in the passage."""
    known = {*tokenize(told, passage.language), *tokenize(told, "")}
    squeezed = re.sub(r"[\W_]+", "", told).casefold()
    regions = _all_regions(claim.text)
    for match in _NAME.finditer(claim.text):
        name = match.group()
        if overlaps(_Span(match), [*claim.facts, *regions]) or not _is_name(name, claim, match.start(), passage.language):
            continue
        stems = {*tokenize(name, claim.language), *tokenize(name, "")}
        if name.casefold() not in _EVERYWHERE and not stems & known and re.sub(r"[\W_]+", "", name).casefold() not in squeezed:
            yield Problem("name", name, match.start(), match.end())


def _is_name(name: str, claim: ClaimFacts, start: int, told_in: str) -> bool:
    inner = any(character.isupper() for character in name[1:]) and not name.isupper()
    if inner or any(character.isdigit() for character in name):
        return True
    if claim.language in {"zh", "ja"}:
        return len(name) > 2 and name[0].isupper()
    if claim.language != told_in or claim.language in CAPITALISED_NOUNS or not name[0].isupper() or len(name) < 2:
        return False
    return (name.isupper() and len(name) > 2) or not _OPENS.search(claim.text[:start])


def _places(claim: ClaimFacts, passage: CheckedPassage) -> Iterator[Problem]:
    """Chinese place names that the passage does not have, where it names others."""
    if claim.language != "zh" or passage.language != "zh" or not (told := find_places(passage.text)):
        return
    known = frozenset[str]().union(*(place.names for place in told))
    for place in find_places(claim.text):
        if claim.text[place.start : place.end] not in passage.text and not place.names <= known:
            yield Problem("region", claim.text[place.start : place.end], place.start, place.end)


def _regions(claim: ClaimFacts, passage: CheckedPassage, leant_on: Sequence[int]) -> Iterator[Problem]:
    """Regions for which the sentence does not speak; where it names none, the heading, the scope or the passage have to."""
    by_place = claim.language == "zh" and passage.language == "zh"  # `_places` knows 江浙沪, and tells provinces apart
    near = [region for number in leant_on[:1] for region in _compared(passage.statements[number].text, by_place)]
    told = [region.code for region in near or _compared(passage.text, by_place)] + ([] if near else list(passage.hit.passage.scope.regions))
    for region in _compared(claim.text, by_place):
        if not any(region.within(code) for code in told):
            yield Problem("region", claim.text[region.start : region.end], region.start, region.end)


def _compared(text: str, by_place: bool) -> list[Region]:
    """The regions of ``text``, without states and provinces where these are compared as places."""
    return [region for region in _all_regions(text) if not by_place or country_of(region.code) is None]


def _all_regions(text: str) -> list[Region]:
    return sorted([*find_regions(text), *find_demonyms(text)], key=lambda region: region.start)


class _Span:
    """A match as a span."""

    def __init__(self, match: re.Match[str]) -> None:
        self.start, self.end = match.span()


