"""A claim as a passage would write it: its facts in the passage's own figures.

Whether "three days" are "72 hours" is for the judge of facts, who can count. The reader, who judges the wording, learned from
sentences whose values are written as in the passage, and takes another writing for another value.
"""

from rag.facts.fact import Fact
from rag.facts.quantity import Quantity
from rag.verify.binding import ClaimFacts
from rag.verify.checked_passage import CheckedPassage


def as_told(claim: ClaimFacts, passage: CheckedPassage) -> str:
    """``claim`` with each fact that the passage tells in other figures as it stands there; across languages, as it is."""
    if claim.language != passage.language:
        return claim.text
    told = [(statement.text[fact.start : fact.end], fact) for statement in passage.statements for fact in statement.facts]
    text = claim.text
    for fact in reversed(claim.facts):
        if (written := _written_otherwise(fact, claim.text[fact.start : fact.end], told)) is not None:
            text = text[: fact.start] + written + text[fact.end :]
    return text


def _written_otherwise(fact: Fact, written: str, told: list[tuple[str, Fact]]) -> str | None:
    """How the passage writes ``fact``, unless it (also) writes it as the claim does."""
    same = [text for text, other in told if fact.agrees(other) and _alike(fact, other)]
    return None if not same or _squeezed(written) in map(_squeezed, same) else same[0].strip()


def _alike(one: Fact, two: Fact) -> bool:
    """Whether both are bare numbers, or neither: "5 entries" are not "5 days"."""
    return not isinstance(one.content, Quantity) or one.is_bare == two.is_bare


def _squeezed(written: str) -> str:
    return "".join(written.split()).casefold()
