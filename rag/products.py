"""Model numbers: a question about one model must not be answered from another one's manual."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from kb.text.tokens import tokenize

_MIXED = re.compile(r"(?=.*\d)(?=.*[a-z])[a-z0-9]{3,}")
_NUMBER = re.compile(r"\d{1,5}")
_UNITS = frozenset("mah mm cm kg ghz hz db mb gb tb min ml usd eur rmb 1st 2nd 3rd".split())


def model_terms(text: str) -> frozenset[str]:
    """The terms of ``text`` that name a model: letters and digits mixed, or a number right after a word ("Rovo 310")."""
    found = set()
    for before, term in _with_predecessor(text):
        if (_MIXED.fullmatch(term) and term not in _UNITS) or (_NUMBER.fullmatch(term) and before.isalpha()):
            found.add(term)
    return frozenset(found)


class ModelGuard:
    """Knows the model terms of all document titles of one version."""

    def __init__(self, titles: Iterable[str]) -> None:
        """``titles`` are the titles of the documents the reader may see."""
        self._known: dict[str, set[str]] = {}
        self._nouns: dict[str, set[str]] = {}
        self._series: set[str] = set()
        for title in titles:
            for before, term in _with_predecessor(title):
                if term in _title_models(title):
                    self._known.setdefault(term, set()).add(before)
                    self._nouns.setdefault(term, set()).update(word for word in tokenize(title, "") if word.isalpha() and len(word) > 1)
                    if _NUMBER.fullmatch(term):
                        self._series.add(before)

    def asked_models(self, question: str) -> frozenset[str]:
        """Model terms of the question that occur in some title; a bare number only beside a word of that title.

        "Rovo 310", "the 310 vacuum" and "310 robot" name a model; "310 pieces" does not.
        """
        terms = ["", *tokenize(question, ""), ""]
        beside = zip(terms, terms[1:], terms[2:], strict=False)
        return frozenset(term for before, term, after in beside if term in self._known and self._names(term, before, after))

    def _names(self, term: str, before: str, after: str) -> bool:
        return not _NUMBER.fullmatch(term) or before in self._known[term] or after in self._nouns[term]

    def unknown_model(self, question: str) -> str | None:
        """A model that the question names beside a known product name but that no title has ("Rovo 400"), or None."""
        for before, term in _with_predecessor(question):
            if before in self._series and _NUMBER.fullmatch(term) and before not in self._known.get(term, set()):
                return f"{before} {term}"
        return None

    def admits_sentence(self, asked: frozenset[str], sentence: str) -> bool:
        """Whether a sentence may answer a question about ``asked``: it names no model, or one of them."""
        named = self.asked_models(sentence) if asked else frozenset()
        return not named or bool(named & asked)

    def admits(self, asked: frozenset[str], title: str, text: str) -> bool:
        """Whether a passage may answer a question about ``asked``: its title names no model, or one of them."""
        models = _title_models(title)
        if not asked or not models or models & asked:
            return True
        return bool(asked & set(tokenize(text, "")))


@lru_cache(maxsize=16)
def guard_for(titles: frozenset[str]) -> ModelGuard:
    """The guard for these titles, built once: every question to the same version and audience shares it."""
    return ModelGuard(titles)


def _with_predecessor(text: str) -> list[tuple[str, str]]:
    terms = tokenize(text, "")
    return list(pairwise(["", *terms]))


@lru_cache(maxsize=4096)
def _title_models(title: str) -> frozenset[str]:
    return model_terms(title)
