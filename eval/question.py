"""Golden questions: what a shopper or an agent asks, and what a right answer must hold."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from kb.errors import ConfigurationError
from kb.scope import Audience

Half = Literal["tune", "test"]
GOLDEN_FOLDER = Path(__file__).parent / "golden"


@dataclass(frozen=True, slots=True)
class GoldenQuestion:
    """One question with its expectations. Any of ``documents`` counts as found; all of ``must`` have to be in the answer."""

    id: str
    language: str
    question: str
    answerable: bool
    kind: str
    audience: Audience
    region: str | None
    as_of: date | None
    documents: tuple[str, ...]
    quote: str | None
    must: tuple[str, ...]
    must_not: tuple[str, ...]

    @property
    def half(self) -> Half:
        """``tune`` or ``test``, by a hash of the id: settings are chosen on one half and reported on both."""
        return half_of(self.id)


def half_of(name: str) -> Half:
    """The half that ``name`` falls into, by its hash: stable, and nobody's choice."""
    return "tune" if hashlib.sha256(name.encode()).digest()[0] % 2 == 0 else "test"


def read_golden(folder: Path = GOLDEN_FOLDER) -> list[GoldenQuestion]:
    """All questions in the ``*.jsonl`` files of ``folder``, by file name and line.

    Raises:
        ConfigurationError: there are none, or a line is malformed or repeats an id.
    """
    questions: list[GoldenQuestion] = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip():
                questions.append(_question(line, f"{path.name}, line {number}"))
    if not questions:
        raise ConfigurationError(f"There are no golden questions in {folder}. Put *.jsonl files there.")
    _require_distinct(questions)
    return questions


def _question(line: str, place: str) -> GoldenQuestion:
    try:
        entry: dict[str, Any] = json.loads(line)
        return GoldenQuestion(
            id=entry["id"],
            language=entry["language"],
            question=entry["question"],
            answerable=entry["answerable"],
            kind=entry["kind"],
            audience=entry.get("audience", "public"),
            region=entry.get("region"),
            as_of=date.fromisoformat(entry["as_of"]) if entry.get("as_of") else None,
            documents=tuple(entry.get("documents", ())),
            quote=entry.get("quote"),
            must=tuple(entry.get("must", ())),
            must_not=tuple(entry.get("must_not", ())),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(f"A golden question is malformed ({place}): {error}.") from error


def _require_distinct(questions: list[GoldenQuestion]) -> None:
    seen: set[str] = set()
    for question in questions:
        if question.id in seen:
            raise ConfigurationError(f"The golden question id {question.id} occurs twice. Give each question an id of its own.")
        seen.add(question.id)
