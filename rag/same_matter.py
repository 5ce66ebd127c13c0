"""Whether a sentence of another document tells of the matter that the answer's sentence tells of: the same rule, for another place or time.

The question alone does not decide: "how long does delivery take" is answered a little by every sentence about days. So the two sentences
are compared with each other, by the encoder, which also compares across languages; the reader must not think the other one useless for
the question; and what the question and the answer both name ("exchange"), the other must name too.
"""

from kb.encoder import FloatArray
from rag.answer_type import asked_types, match
from rag.draft import ScoredUnit
from rag.similarity import Similarity
from rag.thesaurus import concepts_in
from rag.unit import Unit

LEAST_LIKENESS = 0.45
"""The least cosine of two sentences about one matter, each in its context."""
LEAST_LOGIT = -4.5
"""The least that the reader must think of the other sentence (both chosen on the tuning half of eval/validity.jsonl)."""


class SameMatter:
    """Compares sentences. Safe for several threads; holds no state of its own."""

    def __init__(self, similarity: Similarity) -> None:
        self._similarity = similarity

    def likeness(self, one: Unit, others: list[Unit]) -> FloatArray:
        """The cosines [others] of ``one`` with ``others``, in their contexts."""
        return self._similarity.cosines(self._similarity.vector(one), others)

    def among(self, question: str, one: ScoredUnit, others: list[ScoredUnit]) -> list[tuple[float, ScoredUnit]]:
        """Those of ``others`` that tell of the matter of ``one``, which answers ``question``, with their likeness; the likest first."""
        fit = [other for other in others if other.logit >= LEAST_LOGIT and _names_the_same(question, one.unit, other.unit)]
        if not fit:
            return []
        likeness = self.likeness(one.unit, [other.unit for other in fit])
        alike = [(float(cosine), other) for cosine, other in zip(likeness, fit, strict=True) if float(cosine) >= LEAST_LIKENESS]
        return sorted(alike, key=lambda pair: -pair[0])


def _names_the_same(question: str, one: Unit, other: Unit) -> bool:
    """Whether ``other`` holds what was asked for as well as ``one`` does, its kind of quantity and its concepts."""
    kinds = asked_types(question)
    if match(kinds, other.text) < match(kinds, one.text):
        return False
    asked = concepts_in(question) & concepts_in(one.text)
    return asked <= concepts_in(other.hit.passage.encoded_text)
