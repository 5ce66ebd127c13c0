"""Whether the language of a short question is told: questions of two to nine words in eleven languages.

``citedesk eval languages``. The questions (``eval/question_languages.jsonl``) were written before there was anything to tune: sentences,
English ones with foreign names in them, Chinese, Japanese and Korean ones with Latin names, and inputs of one to three words. Where two
languages write the same, either is right.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

import numpy as np

from eval.json_lines import read_json_lines
from eval.question import Half, half_of
from kb.errors import ConfigurationError
from kb.text.question_language import question_language

QUESTIONS_FILE = Path(__file__).with_name("question_languages.jsonl")
Kind: TypeAlias = Literal["sentence", "names", "mixed", "words"]
Shop: TypeAlias = Literal["own", "sample", "foreign", "none"]
SAMPLE = ("en", "zh")
FOREIGN = (("fr", "de"), ("es", "it"))
"""Knowledge bases in neither the question's language nor English; the second is for French and German questions."""


@dataclass(frozen=True, slots=True)
class LanguageCase:
    """A question and the languages it may be in, the likeliest first."""

    id: str
    kind: Kind
    languages: tuple[str, ...]
    text: str

    @property
    def half(self) -> Half:
        """``tune`` or ``test``, by a hash of the id."""
        return half_of(self.id)

    def known(self, shop: Shop) -> tuple[str, ...]:
        """The languages of the documents of ``shop``: the question's own and English, those of the sample shop, others, or none."""
        if shop == "own":
            return tuple(dict.fromkeys((self.languages[0], "en")))
        if shop == "foreign":
            return next(languages for languages in FOREIGN if not set(languages) & set(self.languages))
        return SAMPLE if shop == "sample" else ()


@dataclass(frozen=True, slots=True)
class Told:
    """The language that a question at a shop was taken to be in."""

    case: LanguageCase
    shop: Shop
    language: str

    @property
    def right(self) -> bool:
        """Whether it is in that language, or may be."""
        return self.language in self.case.languages


@dataclass(frozen=True, slots=True)
class LanguageRow:
    """The share told rightly, in [0, 1], at shops with documents in the question's language, in the sample shop's, in others, in none."""

    half: str
    kind: str
    language: str
    questions: int
    own: float
    sample: float
    foreign: float
    none: float


def read_cases(path: Path = QUESTIONS_FILE) -> list[LanguageCase]:
    """The questions in ``path``, one JSON object a line. Raises ConfigurationError: there are none, or a line is malformed."""
    cases = read_json_lines(path, _case, "A question")
    if not cases:
        raise ConfigurationError(f"There are no questions in {path}.")
    return cases


def tell(cases: Iterable[LanguageCase]) -> list[Told]:
    """The language of each question at each kind of shop."""
    return [Told(case, shop, question_language(case.text, case.known(shop))) for case in cases for shop in get_args(Shop)]


def tabulate(told: Sequence[Told]) -> list[LanguageRow]:
    """A row for each half, kind and language (all together where a question is of one to three words)."""
    keys = sorted({_key(one) for one in told}, key=lambda key: (key[0] != "tune", get_args(Kind).index(key[1]), key[2]))
    return [_row(key, [one for one in told if _key(one) == key]) for key in keys]


def _key(one: Told) -> tuple[Half, Kind, str]:
    return one.case.half, one.case.kind, "all" if one.case.kind == "words" else one.case.languages[0]


def _row(key: tuple[Half, Kind, str], told: Sequence[Told]) -> LanguageRow:
    def share(shop: Shop) -> float:
        return float(np.mean([one.right for one in told if one.shop == shop]))

    return LanguageRow(*key, len({one.case.id for one in told}), share("own"), share("sample"), share("foreign"), share("none"))


def _case(entry: dict[str, Any]) -> LanguageCase:
    """Raises ValueError for a kind that is none."""
    if entry["kind"] not in get_args(Kind):
        raise ValueError(f"the kind {entry['kind']} is none of {', '.join(get_args(Kind))}")
    return LanguageCase(str(entry["id"]), entry["kind"], tuple(entry["languages"]), str(entry["text"]))
