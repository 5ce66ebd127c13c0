"""Models, by their numbers and by the words in which siblings differ: a question about one must not be answered from another's manual."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from kb.text.tokens import HAN, tokenize
from rag.variants import POINTS, Variants

_MIXED = re.compile(r"(?=.*\d)(?=.*[a-z])[a-z0-9]{3,}")
_NUMBER = re.compile(r"\d{1,5}")
_HAN = re.compile(f"[{HAN}]")
_YEAR = re.compile(r"(?:19|20)\d\d")
_COUNTED = frozenset(
    "annex appendix article chapter class document edition form generation issue level no nr number page part phase section series size "
    "step top type unit version volume year".split()
)
"""Words that a number counts: "Part 2" in a title names no product."""
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
        titles = list(titles)
        self._variants = Variants(titles)
        self._known: dict[str, set[str]] = {}
        self._nouns: dict[str, set[str]] = {}
        self._series: set[str] = set()
        self._by_name: dict[str, set[str]] = {}
        unnumbered: set[str] = set()
        for title in titles:
            unnumbered.update(word for word, after in _with_successor(title) if not _NUMBER.fullmatch(after))
            for before, term in _with_predecessor(title):
                if term in _title_models(title):
                    self._known.setdefault(term, set()).add(before)
                    self._nouns.setdefault(term, set()).update(word for word in tokenize(title, "") if word.isalpha() and len(word) > 1)
                    if _NUMBER.fullmatch(term):
                        self._series.add(before)
                        if not _YEAR.fullmatch(term):
                            self._by_name.setdefault(before, set()).add(term)
        for word in unnumbered | _COUNTED:
            self._by_name.pop(word, None)

    def asked_models(self, question: str) -> frozenset[str]:
        """What the question names of the titles' models: model terms, a bare number only beside a word of its title, and siblings' names.

        "Rovo 310", "the 310 vacuum", "310 robot" and, at the end, "the 310" name a model; "310 pieces" does not. Where none is named,
        "the Rovo" names all models of that name. Siblings: `rag.variants.Variants.asked`.
        """
        return self._asked_numbers(question) | self._variants.asked(question)

    def _asked_numbers(self, question: str) -> frozenset[str]:
        terms = ["", *tokenize(question, ""), ""]
        beside = zip(terms, terms[1:], terms[2:], strict=False)
        named = frozenset(term for before, term, after in beside if term in self._known and self._names(term, before, after))
        return named or self._models_called(question)

    def _names(self, term: str, before: str, after: str) -> bool:
        if not _NUMBER.fullmatch(term) or before in self._known[term] or after in self._nouns[term]:
            return True
        return len(term) > 2 and not after and before in POINTS

    def _models_called(self, question: str) -> frozenset[str]:
        """The models of the names in ``question`` that stand there as names: with a capital, or in Chinese."""
        called = [models for name, models in self._by_name.items() if _stands_as_name(name, question)]
        return frozenset[str]().union(*called)

    def unknown_model(self, question: str) -> str | None:
        """A model that the question names beside a known product name but that no title has ("Rovo 400"), or None."""
        for before, term in _with_predecessor(question):
            if before in self._series and _NUMBER.fullmatch(term) and before not in self._known.get(term, set()):
                return f"{before} {term}"
        return None

    def admits_sentence(self, asked: frozenset[str], sentence: str) -> bool:
        """Whether a sentence may answer a question about ``asked``: it names no model, or one of them."""
        numbers = asked & self._known.keys()
        named = self._asked_numbers(sentence) if numbers else frozenset()
        return (not named or bool(named & numbers)) and self._variants.admits_sentence(asked, sentence)

    def admits(self, asked: frozenset[str], title: str, text: str) -> bool:
        """Whether a passage may answer a question about ``asked``: its title names no model, or one of them."""
        if not self._variants.admits(asked, title, text):
            return False
        numbers = asked & self._known.keys()
        models = _title_models(title)
        if not numbers or not models or models & numbers:
            return True
        return bool(numbers & set(tokenize(text, "")))


@lru_cache(maxsize=16)
def guard_for(titles: frozenset[str]) -> ModelGuard:
    """The guard for these titles, built once: every question to the same version and audience shares it."""
    return ModelGuard(titles)


def _with_predecessor(text: str) -> list[tuple[str, str]]:
    terms = tokenize(text, "")
    return list(pairwise(["", *terms]))


def _with_successor(text: str) -> list[tuple[str, str]]:
    return list(pairwise([*tokenize(text, ""), ""]))


def _stands_as_name(name: str, question: str) -> bool:
    if _HAN.search(name):
        return name in question
    return re.search(rf"(?<!\w){re.escape(name.capitalize())}(?!\w)", question) is not None


@lru_cache(maxsize=4096)
def _title_models(title: str) -> frozenset[str]:
    return model_terms(title)
