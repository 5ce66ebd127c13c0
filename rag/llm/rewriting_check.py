"""Checks what a language model made of a follow-up question, before it is searched for."""

import re
from dataclasses import dataclass

from kb.text.languages import UNDETERMINED
from kb.text.question_language import question_language
from rag.facts.fact import find_facts
from rag.query import Query
from rag.slots import products_in
from rag.verify.likely_language import UNSPACED
from rag.verify.words import content_words, weight

MAX_CHARACTERS = 300
KNOWN_SHARE = 0.7
"""Of the words that carry meaning, by weight, so many stand in the conversation: a question that stands alone is made of it."""
KEPT_SHARE = 0.34
"""So many of the last message's are kept; the rest is what it said instead of what is meant ("sorry", "the other one")."""
EMPTY = "It wrote nothing."
TOO_LONG = "It wrote more than a question."
NO_QUESTION = "It did not write one question on one line."
OTHER_SCRIPT = "It did not write in the question's language."
OTHER_FACTS = "It wrote a number, code or date that is not in the conversation."
OTHER_PRODUCT = "It named a product that is not in the conversation."
LOST_FACTS = "It left out a number, code or date of the question."
OTHER_WORDS = "Too few of its words stand in the conversation."
LOST_WORDS = "It left out too much of the question."
ADDS_NOTHING = "It added nothing to the question."
_QUESTION_MARKS = re.compile("[?？؟]")
_END = re.compile("[?？؟][\"'”’」』）)]*$")


@dataclass(frozen=True, slots=True)
class RewritingCheck:
    """Holds rewritings of ``query`` against its conversation, to which the rules' rewriting ``by_rules`` belongs: it is made of it.

    What passes is a single question, mostly in words of the conversation, with no number or product of its own. So neither a model
    that makes things up nor a shopper who has it say something else can bring in more than a question about what was said.
    """

    query: Query
    by_rules: str

    def problem(self, text: str) -> str | None:
        """Why ``text`` may not be searched for, as a sentence; None when it may."""
        return _problem_of_form(text) or self._problem_of_facts(text) or self._problem_of_words(text)

    @property
    def _conversation(self) -> list[str]:
        return [*(turn.text for turn in self.query.history if turn.role != "system"), self.query.text, self.by_rules]

    def _language_of(self, text: str) -> str:
        return question_language(text, self.query.known_languages)

    def _problem_of_facts(self, text: str) -> str | None:
        language = self._language_of(text)
        asked = self.query.written_language
        if asked != UNDETERMINED and _script(language) != _script(asked):
            return OTHER_SCRIPT
        facts = find_facts(text, language)
        known = [fact for said in self._conversation for fact in find_facts(said, self._language_of(said))]
        if not all(any(fact.agrees(other) for other in known) for fact in facts):
            return OTHER_FACTS
        if not _products(text) <= frozenset().union(*map(_products, self._conversation)):
            return OTHER_PRODUCT
        kept = [any(fact.agrees(other) for other in facts) for fact in find_facts(self.query.text, asked)]
        return None if all(kept) else LOST_FACTS

    def _problem_of_words(self, text: str) -> str | None:
        # One language for all, so that the same word has the same stem.
        language = self._language_of(f"{text}\n{self.query.text}")
        words, asked = content_words(text, language), content_words(self.query.text, language)
        known = content_words("\n".join(self._conversation), language)
        if weight(words & known) < KNOWN_SHARE * weight(words):
            return OTHER_WORDS
        if weight(words & asked) < KEPT_SHARE * weight(asked):
            return LOST_WORDS
        return ADDS_NOTHING if words <= asked else None


def _problem_of_form(text: str) -> str | None:
    if not re.search(r"\w", text):
        return EMPTY
    if len(text) > MAX_CHARACTERS:
        return TOO_LONG
    if len(text.splitlines()) != 1 or len(_QUESTION_MARKS.findall(text)) != 1 or not _END.search(text):
        return NO_QUESTION
    return None


def _products(text: str) -> frozenset[str]:
    return frozenset(name.casefold() for name in products_in(text))


def _script(language: str) -> str:
    """Languages that are told by their script; all others count as one, for short texts of theirs are taken for each other."""
    return language if language in UNSPACED else ""
