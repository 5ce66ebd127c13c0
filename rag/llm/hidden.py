"""A conversation as a language model may see it: harmless, and without what is personal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rag.llm.fence import harmless
from rag.privacy.finder import PersonalDataFinder
from rag.privacy.masker import Masker


@dataclass(frozen=True, slots=True)
class Hidden:
    """Texts with placeholders, and what those stand for."""

    texts: list[str]
    originals: Mapping[str, str] = field(default_factory=dict)


def hide(finder: PersonalDataFinder | None, texts: Sequence[str], public: Sequence[str] = ()) -> Hidden:
    """``texts`` made harmless and then masked (docs/decisions/0027-masking.md), unless ``finder`` is None.

    In that order, because invisible characters could part a number. What stands in ``public`` is not masked.
    """
    plain = [harmless(text) for text in texts]
    if finder is None:
        return Hidden(plain)
    masker = Masker(finder, public)
    return Hidden([masker.mask(text) for text in plain], masker.originals)
