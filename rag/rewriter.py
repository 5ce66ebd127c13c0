"""Who makes a follow-up question stand alone: the rules, or something that writes another version beside theirs."""

from dataclasses import dataclass
from typing import Protocol

from rag.query import Query
from rag.rewrite import leans, rewrite, thread_before


@dataclass(frozen=True, slots=True)
class Rewriting:
    """The question made to stand alone. ``by_rules`` is always searched for, ``by_model`` beside it where there is one.

    ``problem`` is why there is none although a model was asked: a sentence of our own, without anything that it wrote.
    """

    by_rules: str
    by_model: str | None = None
    problem: str | None = None


class Rewriter(Protocol):
    """Makes questions stand alone. Safe for concurrent use."""

    async def rewrite(self, query: Query) -> Rewriting:
        """``query`` made to stand alone. Raises nothing: what goes wrong leaves the rules' version."""


class RuleRewriter:
    """The rules alone (`rag.rewrite`)."""

    async def rewrite(self, query: Query) -> Rewriting:
        """``query`` as the rules rewrite it."""
        return Rewriting(rewrite(query))


def is_follow_up(query: Query) -> bool:
    """Whether ``query`` leans on a question before it, surely or possibly; any other is searched for as it is."""
    return leans(query.text) and bool(thread_before(query).lines)
