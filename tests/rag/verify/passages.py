"""Passages for the judges: text in, problems out."""

import re

from kb.document import BlockKind
from kb.passage import Passage
from kb.scope import Scope
from kb.search import Hit
from rag.facts.fact import find_facts
from rag.readers.word_reader import WordClaimReader
from rag.verify.alignment import Alignment
from rag.verify.binding import ClaimFacts
from rag.verify.checked_passage import CheckedPassage, checked_passage
from rag.verify.figures import find_problems
from rag.verify.names import find_name_problems
from rag.verify.problem import Problem


def language_of(text: str) -> str:
    """Chinese or German where letters show it, else English: sentences this short do not tell."""
    return "zh" if re.search(r"[\u4e00-\u9fff]", text) else "de" if re.search(r"\b[Dd](?:er|ie|as)\b|[äöü]", text) else "en"


def passage_of(text: str, title: str = "", kind: BlockKind = "paragraph", regions: tuple[str, ...] = ()) -> CheckedPassage:
    passage = Passage("p", "d", text, 0, len(text), kind, (), None, language_of(text), Scope(regions=regions), title)
    return checked_passage(Hit(passage, "shop", "d.md", 0.0, 0.0, 0.0, 0.0))


def figure_problems(claim: str, passage: CheckedPassage) -> list[Problem]:
    facts = _facts(claim)
    return find_problems(facts, passage, _alignment(facts, passage))


def name_problems(claim: str, passage: CheckedPassage) -> list[Problem]:
    facts = _facts(claim)
    return find_name_problems(facts, passage, _alignment(facts, passage).leant_on(claim))


def _facts(claim: str) -> ClaimFacts:
    language = language_of(claim)
    return ClaimFacts(claim, language, tuple(find_facts(claim, language)))


def _alignment(claim: ClaimFacts, passage: CheckedPassage) -> Alignment:
    return Alignment(passage, WordClaimReader().score(claim.text, [passage.reading])[0], claim)
