"""Which documents are replaced by which: the ``supersedes`` of every document, turned around and followed to its end."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from kb.edition import later_editions
from kb.scope import Scope
from kb.scoped_document import ScopedDocument

Chain: TypeAlias = tuple[Scope, ...]
"""Scopes that hide a document from a search that all of them admit."""


def superseding_chains(documents: Sequence[ScopedDocument]) -> list[tuple[Chain, ...]]:
    """For each document the chains of which any one hides it, wherever all scopes of that chain admit the search.

    Besides those that ``supersedes`` names, later editions replace earlier ones (`kb.edition`).

    Where B supersedes A, the chain is (B,). Where C supersedes B as well, (B without its last day, C) is another: when B has
    run out and C follows it, A does not come back to life. Two documents that supersede each other hide neither.
    """
    replacements = _replacements(documents)
    reachable = {number: _reachable(number, replacements) for number in replacements}
    return [_chains(number, documents, replacements, reachable) for number in range(len(documents))]


def _replacements(documents: Sequence[ScopedDocument]) -> dict[int, list[int]]:
    numbers = {(document.source, document.path): number for number, document in enumerate(documents)}
    replacements: dict[int, list[int]] = {}
    for number, document in enumerate(documents):
        for path in document.scope.supersedes:
            replaced = numbers.get((document.source, path))
            if replaced is not None:
                replacements.setdefault(replaced, []).append(number)
    for replaced, number in later_editions(documents):
        if number not in replacements.setdefault(replaced, []):
            replacements[replaced].append(number)
    return replacements


def _reachable(start: int, replacements: Mapping[int, Sequence[int]]) -> frozenset[int]:
    found: set[int] = set()
    waiting = [start]
    while waiting:
        new = set(replacements.get(waiting.pop(), ())) - found
        found |= new
        waiting.extend(new)
    return frozenset(found)


def _chains(
    start: int,
    documents: Sequence[ScopedDocument],
    replacements: Mapping[int, Sequence[int]],
    reachable: Mapping[int, frozenset[int]],
) -> tuple[Chain, ...]:
    chains: dict[Chain, None] = {}
    waiting: list[tuple[int, Chain]] = [(start, ())]
    while waiting:
        number, before = waiting.pop()
        for successor in replacements.get(number, ()):
            if number in reachable.get(successor, frozenset()):
                continue  # they supersede each other
            scope = _bare(documents[successor].scope)
            chains[(*before, scope)] = None
            waiting.append((successor, (*before, replace(scope, effective_to=None))))
    return tuple(chains)


def _bare(scope: Scope) -> Scope:
    # What a successor itself supersedes plays no part in whether it is admitted; without it more chains are equal.
    return replace(scope, supersedes=())
