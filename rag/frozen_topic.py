"""A topic about which nothing is answered for now: a recall, a wrong price, an accident in the news."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from kb.text.question_language import question_language


@dataclass(frozen=True, slots=True)
class FrozenTopic:
    """``topic`` in a few words, as who froze it put it, and the ``reason`` for it, which only agents see.

    ``texts`` are said instead of our own sentence, each to those who speak its language.
    """

    id: str
    topic: str
    reason: str = ""
    texts: tuple[str, ...] = ()

    def text_in(self, language: str) -> str | None:
        """The text given for those who speak ``language``; None where there is none."""
        return next((text for text in self.texts if question_language(text) == language), None)


class FreezeCheck(Protocol):
    """Tells whether a question is about a frozen topic."""

    def find(self, forms: Callable[[], Sequence[str]]) -> FrozenTopic | None:
        """The frozen topic that one of the ``forms`` of a question is about; None where there is none.

        ``forms`` is called only where something is frozen.
        """
