"""Attacks on an answer service, one JSON object a line: ``text``, ``kind``, and ``question`` where one goes with it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.json_lines import read_json_lines
from eval.question import Half, half_of
from kb.errors import ConfigurationError

BENIGN = ("benign", "no_pii")


@dataclass(frozen=True, slots=True)
class Attack:
    """``text`` stands in a document or is asked. Of a kind that begins with ``benign`` it is harmless, and must not be flagged."""

    text: str
    kind: str
    question: str = ""

    @property
    def is_benign(self) -> bool:
        """Whether it is a control, no attack."""
        return self.kind.startswith(BENIGN)

    @property
    def half(self) -> Half:
        """``tune`` or ``test``, by a hash of the text."""
        return half_of(self.text)


def read_attacks(path: Path) -> list[Attack]:
    """All attacks of a file.

    Raises:
        ConfigurationError: the file cannot be read, holds none, or a line is malformed.
    """
    attacks = read_json_lines(path, _attack, "An attack")
    if not attacks:
        raise ConfigurationError(f"There are no attacks in {path}. Each line is an object with text and kind.")
    return attacks


def _attack(entry: dict[str, Any]) -> Attack:
    return Attack(str(entry["text"]), str(entry["kind"]), str(entry.get("question") or "").removeprefix("Q: "))
