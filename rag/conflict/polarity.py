"""Whether a sentence answers a question of yes or no with yes or with no."""

import re

from rag.conflict.statement import ComparedStatement, matter_words
from rag.thesaurus import concepts_in
from rag.verify.words import content_words

ANCHORED = 0.6
"""The least share of the question's words that what answers it has, and that with its heading; half as much without."""
_POLAR = re.compile(
    r"^\W*(?:and |so |but |please |hi,? |hello,? )*(?:can|could|may|might|is|are|was|do|does|did|will|would|should|must|has|have|am)\b"
    r"|(?:吗|嘛|么)\s*[?？]?\s*$|能不能|可不可以|是不是|会不会|有没有|行不行|是否|能否|可否|行吗|支不支持"
    r"|^\W*(?:puis-je|peut-on|est-ce que|kann|können|darf|ist|sind|puedo|se puede|posso)\b",
    re.IGNORECASE,
)
_YES = re.compile(r"\W*(?:yes|sure|certainly|of course|oui|ja|sí)\b|\W*(?:是的|可以|能|支持|会的|有的|当然|对)", re.IGNORECASE)
_NO = re.compile(
    r"\W*(?:no(?! \w+ is needed)|unfortunately|sorry|i'm afraid|non|nein|leider)\b|\W*(?:不|否|没有|抱歉|很遗憾|无法)", re.IGNORECASE
)
_DENIES = re.compile(
    r"\b(?:(?<!need )not(?! (?:only|need))|never|cannot|no(?! (?:more|less|later|longer|extra|problem|charge|fee|cost|matter|need))|nor"
    r"|excluded|unable|unsuitable)\b|(?<!need)n[’']t\b(?! need)"
    r"|\b(?:nicht|kein\w*|nie|ne|pas|jamais|nunca|non)\b"
    r"|不(?![同锈错止仅断少久足到超低过用必])|无法|勿|未(?!来)|禁止|严禁|没有",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(?:if|unless|except|provided|as long as|wenn|sofern|si|sauf|solo)\b|如果|若|除非|除外|前提|以外|的话", re.IGNORECASE
)
_HEDGE = re.compile(r"\b(?:only|until|before|after|without|but|within)\b|只有|只能|仅|但|内|时|前|后", re.IGNORECASE)
_CLAUSE = re.compile(r"[,，;；:：。！？!?]|\.(?=\s|$)|\s[–—-]\s")


def is_polar(question: str) -> bool:
    """Whether ``question`` asks for yes or no."""
    return bool(_POLAR.search(question))


def polarity(statement: ComparedStatement, question: str, language: str) -> int:
    """1 where ``statement`` says yes to ``question``, -1 where it says no, 0 where it cannot be told.

    An FAQ's answer that begins with yes or no says so as a whole. Any other sentence has to hold the question's words, and is a no
    where the clause with most of them is denied; with conditions it is neither.
    """
    if statement.is_faq and is_polar(statement.asked):
        answer = statement.hit.passage.text.partition("\n")[2]
        if _NO.match(answer):
            return -1
        if _YES.match(answer):
            return 1
    if not anchored(statement, question, language) or _CONDITION.search(statement.text):
        return 0
    clause = _clause_on(statement, question, language)
    if _HEDGE.search(clause):
        return 0
    return -1 if _DENIES.search(clause) else 1


def anchored(statement: ComparedStatement, question: str, language: str) -> bool:
    """Whether ``statement`` speaks of what ``question`` asks: by its words, or across languages by its concepts."""
    if language != statement.language:
        asked = concepts_in(question)
        return bool(asked) and len(asked & concepts_in(f"{statement.heading}\n{statement.text}")) > len(asked) / 2
    words = matter_words(question, language)
    own = content_words(statement.text, language)
    around = own | content_words(statement.heading, language)
    return bool(words) and len(words & around) >= ANCHORED * len(words) and len(words & own) >= ANCHORED / 2 * len(words)


def _clause_on(statement: ComparedStatement, question: str, language: str) -> str:
    """The clause that shares most with ``question``; the first of those that share as much."""
    clauses = [clause for clause in _CLAUSE.split(statement.text) if clause.strip()]
    if language != statement.language:
        asked = concepts_in(question)
        return max(clauses, key=lambda clause: len(asked & concepts_in(clause)))
    words = matter_words(question, language)
    return max(clauses, key=lambda clause: len(words & content_words(clause, language)))
