"""A claim reader that is loaded when the first claim comes: a second that a search or a picked answer need not wait for."""

from collections.abc import Callable, Sequence
from functools import cached_property

from kb.encoder import FloatArray
from rag.reader import Reading
from rag.verify.verifier import ClaimReader
from rag.verify.wording import WordingModel


class DeferredClaimReader:
    """Loads with ``load``, and asks that reader. Two threads that come first at once may both load; one of the two is kept."""

    def __init__(self, load: Callable[[], ClaimReader]) -> None:
        self._load = load

    @cached_property
    def _reader(self) -> ClaimReader:
        return self._load()

    @property
    def wording(self) -> WordingModel:
        """As the reader weighs it. Raises what loading raises."""
        return self._reader.wording

    def score(self, question: str, readings: Sequence[Reading]) -> list[FloatArray]:
        """As the reader scores. Raises what loading raises."""
        return self._reader.score(question, readings)
