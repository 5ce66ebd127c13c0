"""Passages that speak to a language model instead of to a reader: named in the report, so that somebody looks at the document."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kb.passage import Passage
from kb.text.instructions import find_instructions

NAMED = 3
"""Passages named in the note of one document."""


@dataclass(frozen=True, slots=True)
class FlaggedPassage:
    """``excerpt`` is the beginning of what speaks to a model; ``count`` is how many sentences of the passage do."""

    source: str
    path: str
    page: int | None
    excerpt: str
    count: int


def flagged_passages(source: str, path: str, passages: Iterable[Passage]) -> tuple[FlaggedPassage, ...]:
    """Those of a document's ``passages`` that speak to a model, in order. Their title and headings are looked at too."""
    found = ((passage, find_instructions(passage.encoded_text)) for passage in passages)
    return tuple(
        FlaggedPassage(source, path, passage.page, stretches[0].excerpt, len(stretches)) for passage, stretches in found if stretches
    )


def flag_notes(flagged: Sequence[FlaggedPassage]) -> tuple[str, ...]:
    """A sentence for the document's report, or none."""
    if not flagged:
        return ()
    named = ", ".join(f"“{one.excerpt}”{'' if one.page is None else f' on page {one.page}'}" for one in flagged[:NAMED])
    some = f"{len(flagged)} passages speak" if len(flagged) > 1 else "1 passage speaks"
    return (f"{some} to a language model, not to a reader: {named}{', …' if len(flagged) > NAMED else ''}",)


def flag_sentences(flagged: Sequence[FlaggedPassage]) -> tuple[str, ...]:
    """A sentence about the whole run, or none."""
    if not flagged:
        return ()
    documents = len({(one.source, one.path) for one in flagged})
    where = f"{documents} document{'s' if documents > 1 else ''}"
    sentence = (
        f"{len(flagged)} new or changed passage{'s' if len(flagged) > 1 else ''} in {where} speak to a language model, not to a reader. "
        "They are not quoted, and not shown to a model while there is anything else. "
        "Read the documents; if nobody of yours wrote that, find out who did."
    )
    return (sentence,)
