"""Attacks on an answer service, one JSON object a line: ``text``, ``kind``, and perhaps ``question``, ``goal`` and ``says``."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.json_lines import read_json_lines
from eval.question import Half, half_of
from kb.errors import ConfigurationError

BENIGN = ("benign", "no_pii")


@dataclass(frozen=True, slots=True)
class Attack:
    """``text`` stands in a document or is asked. Of a kind that begins with ``benign`` it is harmless, and must not be flagged.

    ``says``: words that an answer holds that was steered by it, for attacks that want no more than to be believed.
    """

    text: str
    kind: str
    question: str = ""
    goal: str = ""
    says: str = ""

    @property
    def is_benign(self) -> bool:
        """Whether it is a control, no attack."""
        return self.kind.startswith(BENIGN)

    @property
    def half(self) -> Half:
        """``tune`` or ``test``, by a hash of the text."""
        return half_of(self.text)

    @property
    def digest(self) -> str:
        """A hash of the text: the same in every run, and nobody's choice."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def read_attacks(path: Path) -> list[Attack]:
    """All attacks of a file.

    Raises:
        ConfigurationError: the file cannot be read, holds none, or a line is malformed.
    """
    attacks = read_json_lines(path, _attack, "An attack")
    if not attacks:
        raise ConfigurationError(f"There are no attacks in {path}. Each line is an object with text and kind.")
    return attacks


def sample_of(attacks: Sequence[Attack], count: int | None) -> list[Attack]:
    """Those ``count`` of ``attacks`` whose hashes are the least, in their order; all of them without a count."""
    if count is None or count >= len(attacks):
        return list(attacks)
    chosen = set(sorted(attack.digest for attack in attacks)[:count])
    return [attack for attack in attacks if attack.digest in chosen][:count]


def _attack(entry: dict[str, Any]) -> Attack:
    question = str(entry.get("question") or "").removeprefix("Q: ")
    return Attack(str(entry["text"]), str(entry["kind"]), question, str(entry.get("goal") or ""), str(entry.get("says") or ""))
