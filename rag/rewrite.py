"""A follow-up question made to stand alone, by rules: what it leaves out stands in the question before it."""

import re

from kb.text.tokens import estimate_tokens
from rag.query import Query

SHORT_QUESTION_TOKENS = 12
_REFERENCE = re.compile(
    r"\b(it|its|that|this|those|these|they|them|one|ones|same|and (what|how|for|if)|what about|how about|"
    r"il|elle|ça|cela|celui|celle|et (pour|si)|er|sie|es|das|dies\w*|und (was|wie|für)|eso|esto|y (si|para))\b"
    r"|它|这个|那个|这款|那款|呢|那么|还有",
    re.IGNORECASE,
)


def rewrite(query: Query) -> str:
    """The text to search for: the question itself, or the question before it and then itself.

    A question is taken for a follow-up when it is short and refers back ("it", "what about", 呢), or is shorter than
    four words. Nothing is invented: both texts are the user's own.
    """
    earlier = [turn.text for turn in query.history if turn.role == "user" and turn.text.strip()]
    if not earlier or not _refers_back(query.text):
        return query.text
    return f"{earlier[-1].strip()}\n{query.text}"


def _refers_back(text: str) -> bool:
    tokens = estimate_tokens(text)
    if tokens > SHORT_QUESTION_TOKENS:
        return False
    return bool(_REFERENCE.search(text)) or tokens <= 4
