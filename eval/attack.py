"""Attacks on an answer service, one JSON object a line: ``text``, ``kind``, and ``question`` where one goes with it."""

import json
from dataclasses import dataclass
from pathlib import Path

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
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"The attacks in {path} cannot be read: {error}.") from error
    attacks = [_attack(line, path, number) for number, line in enumerate(lines, 1) if line.strip()]
    if not attacks:
        raise ConfigurationError(f"There are no attacks in {path}. Each line is an object with text and kind.")
    return attacks


def _attack(line: str, path: Path, number: int) -> Attack:
    try:
        entry = json.loads(line)
        return Attack(str(entry["text"]), str(entry["kind"]), str(entry.get("question") or "").removeprefix("Q: "))
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(f"{path.name}, line {number}: it is no object with text and kind ({error!r}). Correct it.") from error
