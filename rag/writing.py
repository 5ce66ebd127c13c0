"""How a caller wants an answer written: the sampling of a language model, how long, and where to stop."""

from collections.abc import Mapping
from dataclasses import dataclass

_SAMPLING = ("temperature", "top_p", "presence_penalty", "frequency_penalty", "seed")
"""Fields of OpenAI's request that a language model's server is sent, each only where the caller named it. No other one is passed on."""


@dataclass(frozen=True, slots=True)
class Writing:
    """What a request says about the writing; None where it says nothing.

    ``max_tokens`` bounds the answer's sentences, and ``stop`` are texts before which it ends; neither is our own notices' business but
    that a notice holds no ``stop`` either.
    """

    temperature: float | None = None
    top_p: float | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    seed: int | None = None
    max_tokens: int | None = None
    stop: tuple[str, ...] = ()

    @property
    def sampling(self) -> Mapping[str, float | int]:
        """The fields that are sent to the language model's server."""
        return {name: value for name in _SAMPLING if (value := getattr(self, name)) is not None}

    @property
    def line_break(self) -> str:
        """What parts a notice of ours from what goes before it: a blank where the answer is to end before a line break."""
        return " " if any("\n" in text for text in self.stop) else "\n"

    def cut(self, before: str, text: str) -> str | None:
        """``text`` up to the first stop that it completes, ``before`` being the answer so far; None when there is none.

        A stop that began in ``before`` has left in part: then nothing of ``text`` follows.
        """
        tail = before[-max((len(stop) for stop in self.stop), default=0) :]
        found = [place for stop in self.stop if (place := (tail + text).find(stop)) >= 0]
        return text[: max(0, min(found) - len(tail))] if found else None
