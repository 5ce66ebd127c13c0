"""The extractive generator: whole sentences and table rows of the documents, no LLM at all."""

import math
from collections.abc import AsyncIterator, Sequence

from kb.text.tokens import estimate_tokens
from rag.answer import Generator
from rag.draft import Cut, Draft, Evidence, ScoredUnit
from rag.generate.repetition import repeats
from rag.phrases import space
from rag.query import Query

MAX_UNITS = 4
MARGIN = 2.5
"""A further unit is added while its score is at most this far below the best one's."""
NEIGHBOUR_BONUS = 1.5
"""How much nearer the sentences beside the best one count (these three chosen on the tuning halves, docs/decisions/0042-neighbours.md)."""
OWN_LINE = frozenset({"table_row", "list_item", "code"})


class ExtractiveGenerator:
    """Answers with the one to four best units: the best one's section first, each section's in the order in which it has them."""

    label = Generator("extractive")

    async def generate(self, query: Query, evidence: Evidence) -> AsyncIterator[Draft | Cut]:
        """The chosen units as drafts, each with itself as its quote; none is shortened where the answer would be too long."""
        chosen = _by_section(choose_units(evidence.units))
        left = math.inf if query.writing.max_tokens is None else query.writing.max_tokens
        for number, scored in enumerate(chosen):
            unit = scored.unit
            text = unit.text
            left -= estimate_tokens(text)
            if left < 0:
                yield Cut()
                return
            separator = "" if number == 0 else separator_between(scored, chosen[number - 1])
            yield Draft(text, ((unit.hit, text),), support_of(scored), separator)


def choose_units(units: Sequence[ScoredUnit]) -> list[ScoredUnit]:
    """The best unit and those close behind it; an FAQ's answer stays together; nothing is said twice.

    The sentences right before and after the best one belong to it ("Hold it for 5 seconds." "A long beep tells that it is done.") and
    are let in before others. A heading or a question of the document's own says nothing.
    """
    told = [scored for scored in units if _tells(scored)]
    if not told:
        return list(units[:1])
    best = told[0]
    chosen = _whole_answer(best, told) if best.unit.hit.passage.kind == "faq" else [best]
    for score, scored in _with_neighbours(best, told):
        if len(chosen) >= MAX_UNITS or score < best.score - MARGIN:
            break
        if not any(repeats(scored.unit, other.unit) for other in chosen):
            chosen.append(scored)
    return chosen


def _tells(scored: ScoredUnit) -> bool:
    return scored.unit.hit.passage.kind != "heading" and not scored.unit.text.endswith(("?", "？"))


def _with_neighbours(best: ScoredUnit, units: Sequence[ScoredUnit]) -> list[tuple[float, ScoredUnit]]:
    """The units with what speaks for telling them beside ``best``, most first; the rows of a table do not belong to each other."""
    same = [scored for scored in units if scored.unit.hit.passage.id == best.unit.hit.passage.id]
    same.sort(key=lambda scored: scored.unit.start)
    place = same.index(best)
    beside = same[max(0, place - 1) : place + 2] if best.unit.hit.passage.kind != "table_row" else [best]
    weighed = [(scored.score + NEIGHBOUR_BONUS * (scored in beside), scored) for scored in units]
    return sorted(weighed, key=lambda pair: -pair[0])


def _whole_answer(best: ScoredUnit, units: Sequence[ScoredUnit]) -> list[ScoredUnit]:
    """The first sentences of the FAQ answer that ``best`` is part of, ``best`` always among them."""
    same = [scored for scored in units if scored.unit.hit.passage.id == best.unit.hit.passage.id and scored is not best]
    same.sort(key=lambda scored: scored.unit.start)
    return [best, *same[: MAX_UNITS - 1]]


def _by_section(chosen: Sequence[ScoredUnit]) -> list[ScoredUnit]:
    """What answers best is said first, with what stands beside it; other sections follow, from the better to the worse."""
    order: dict[tuple[str, tuple[str, ...]], int] = {}
    for scored in chosen:
        order.setdefault(_section(scored), len(order))

    def place(scored: ScoredUnit) -> tuple[int, int]:
        return order[_section(scored)], scored.unit.hit.passage.start + scored.unit.start

    return sorted(chosen, key=place)


def _section(scored: ScoredUnit) -> tuple[str, tuple[str, ...]]:
    passage = scored.unit.hit.passage
    return passage.document_id, passage.heading_path


def separator_between(scored: ScoredUnit, previous: ScoredUnit) -> str:
    """What stands in an answer between the quotes of two units: a new line where they are rows, list items or of two documents."""
    kinds = {scored.unit.hit.passage.kind, previous.unit.hit.passage.kind}
    same_document = scored.unit.hit.passage.document_id == previous.unit.hit.passage.document_id
    if kinds & OWN_LINE or not same_document:
        return "\n"
    return space(scored.unit.hit.passage.language)


def support_of(scored: ScoredUnit) -> float:
    """The reader's logit as a probability."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, scored.logit))))
