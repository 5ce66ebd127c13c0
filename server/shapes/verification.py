"""What is said of a text, sentence by sentence."""

from typing import Literal

from rag.answer import Verdict
from rag.verify.problem import ProblemKind
from server.shapes.answers import Source
from server.shapes.shape import Shape


class ProblemShape(Shape):
    """What a passage does not bear out. ``told`` is what it has instead."""

    kind: ProblemKind
    text: str
    start: int
    end: int
    told: str | None
    message: str


class SentenceShape(Shape):
    """One sentence: ``text`` stands at ``start`` to ``end`` (code points) of what was sent."""

    text: str
    start: int
    end: int
    verdict: Verdict
    support: float
    cited: list[int]
    citations: list[Source]
    problems: list[ProblemShape]


class Verification(Shape):
    """All sentences. Without a ``kb_version`` they were held against passages that came with the text."""

    object: Literal["verification"]
    sentences: list[SentenceShape]
    summary: dict[Verdict, int]
    kb_version: str | None
