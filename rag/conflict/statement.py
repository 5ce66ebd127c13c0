"""A unit as it is compared with another: its heading, its facts, its words."""

import re
from dataclasses import dataclass
from functools import lru_cache

from kb.search import Hit
from kb.text.tokens import tokenize
from rag.draft import ScoredUnit
from rag.facts.fact import Fact, find_facts
from rag.verify.fact_kind import names_a_model
from rag.verify.words import content_words


def _stems(words: str) -> frozenset[str]:
    return frozenset(term for word in words.split() for term in (*tokenize(word, "en"), word))


LABELS = _stems("property value item name number details 项目 数值 参数 规格 名称")
FUNCTION_WORDS = _stems(
    "do does did is are was were be been can could may might will would should must has have had all any each every so also than then "
    "i me my we our us you your it its they them their this that these those there what which who where when why how until please "
    "可以 什么 怎么 吗 我们 您"
)
SAID_OF_ANYTHING = FUNCTION_WORDS | _stems(
    "put go use get take come want need possible allow long often much many big high soon make last work 多久 多少 几天 多长 多大"
)
"""In a question these do not tell what it is about."""


@dataclass(frozen=True, slots=True)
class ComparedStatement:
    """``text`` is a sentence or row of ``hit``; ``heading`` is the FAQ's question, else title and headings.

    ``facts`` are its values: what is part of a name is none.
    """

    hit: Hit
    text: str
    heading: str
    facts: tuple[Fact, ...]

    @property
    def language(self) -> str:
        """The passage's language."""
        return self.hit.passage.language

    @property
    def is_faq(self) -> bool:
        """Whether it is of the answer of an FAQ pair: then the question is part of what it says."""
        return self.hit.passage.kind == "faq"

    @property
    def asked(self) -> str:
        """The question of the FAQ pair, or nothing."""
        return self.heading if self.is_faq else ""

    @property
    def words(self) -> frozenset[str]:
        """The content words of the sentence without its values and without what stands in any sentence or table."""
        return _words(_without(self.text, self.facts), self.language) - LABELS - FUNCTION_WORDS

    @property
    def asked_words(self) -> frozenset[str]:
        """The words of the FAQ's question that tell what it is about."""
        return matter_words(self.asked, self.language)

    @property
    def known_words(self) -> frozenset[str]:
        """Those of all that the passage says, titles included, and of the file's name, which often says what a product is."""
        name = re.sub(r"[\W_]+", " ", self.hit.document.rpartition("/")[2].rpartition(".")[0])
        return _words(f"{self.hit.passage.encoded_text}\n{self.heading}\n{name}", self.language)


def compared(scored: ScoredUnit) -> ComparedStatement:
    """``scored`` made ready for comparing."""
    unit, passage = scored.unit, scored.unit.hit.passage
    heading = unit.context if passage.kind == "faq" else "\n".join((passage.title, *passage.heading_path))
    return ComparedStatement(unit.hit, unit.text, heading, _values(unit.text, passage.language))


@lru_cache(maxsize=4096)
def _values(text: str, language: str) -> tuple[Fact, ...]:
    return tuple(fact for fact in find_facts(text, language) if fact.kind in {"number", "date"} and not names_a_model(fact, text))


@lru_cache(maxsize=4096)
def _words(text: str, language: str) -> frozenset[str]:
    return content_words(text, language)


def _without(text: str, facts: tuple[Fact, ...]) -> str:
    for fact in reversed(facts):
        text = f"{text[: fact.start]} {text[fact.end :]}"
    return re.sub(r"\s+", " ", text)


def matter_words(question: str, language: str) -> frozenset[str]:
    """The words of ``question`` that tell what it is about."""
    return _words(question, language) - SAID_OF_ANYTHING
