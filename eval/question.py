"""Golden questions: what a shopper or an agent asks, and what a right answer must hold."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, Literal

from kb.errors import ConfigurationError
from kb.scope import AUDIENCES, Audience
from kb.text.question_language import question_language

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


FIELDS = frozenset(field.name for field in fields(GoldenQuestion)) | {"answer", "note"}
"""What a line may hold. Anything else is more likely a slip that would leave something untested."""


def half_of(name: str) -> Half:
    """The half that ``name`` falls into, by its hash: stable, and nobody's choice."""
    return "tune" if hashlib.sha256(name.encode()).digest()[0] % 2 == 0 else "test"


def read_golden(folder: Path = GOLDEN_FOLDER) -> list[GoldenQuestion]:
    """All questions in the ``*.jsonl`` files of ``folder``, by file name and line.

    A line needs a ``question``; without more it only has to be answered. The id is otherwise made of the file's name and the
    question, the language is detected, and ``kind`` is ``own``. ``answer`` and ``note`` are for people and not compared.

    Raises:
        ConfigurationError: there are none, a file cannot be read, or a line is malformed or repeats an id.
    """
    questions: list[GoldenQuestion] = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(_text(path).split("\n"), 1):
            if line.strip():
                questions.append(_question(line, path, number))
    if not questions:
        raise ConfigurationError(f"There are no golden questions in {folder}. Put *.jsonl files there.")
    require_distinct(questions)
    return questions


def require_distinct(questions: Sequence[GoldenQuestion]) -> None:
    """Raises ConfigurationError naming the first id that occurs twice."""
    seen: set[str] = set()
    for question in questions:
        if question.id in seen:
            raise ConfigurationError(f"The golden question id {question.id} occurs twice. Give each question an id of its own.")
        seen.add(question.id)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"The golden questions in {path} cannot be read: {error}.") from error


def _question(line: str, path: Path, number: int) -> GoldenQuestion:
    try:
        entry = json.loads(line)
        if not isinstance(entry, dict):
            raise ValueError('it is not an object such as {"question": "…", "documents": ["…"]}')
        unknown = sorted(set(entry) - FIELDS)
        if unknown:
            raise ValueError(f"nothing is known of {', '.join(unknown)}")
        return _from_entry(entry, path.stem)
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(f"A golden question is malformed ({path}, line {number}): {error}.") from error


def _from_entry(entry: dict[str, Any], stem: str) -> GoldenQuestion:
    """Raises ValueError saying what is wrong."""
    text = _string(entry, "question")
    if text is None:
        raise ValueError("it has no question")
    answerable = entry.get("answerable", True)
    audience = entry.get("audience", "public")
    if not isinstance(answerable, bool):
        raise ValueError("answerable is neither true nor false")
    if audience not in AUDIENCES:
        raise ValueError(f"audience is none of {', '.join(AUDIENCES)}")
    region, day = _string(entry, "region"), _string(entry, "as_of")
    return GoldenQuestion(
        id=_string(entry, "id") or f"{stem}-{_short_hash(text, audience, region or '', day or '')}",
        language=_string(entry, "language") or question_language(text),
        question=text,
        answerable=answerable,
        kind=_string(entry, "kind") or "own",
        audience=audience,
        region=region,
        as_of=date.fromisoformat(day) if day else None,
        documents=_strings(entry, "documents"),
        quote=_string(entry, "quote"),
        must=_strings(entry, "must"),
        must_not=_strings(entry, "must_not"),
    )


def _string(entry: dict[str, Any], name: str) -> str | None:
    value = entry.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} is not a text")
    return value


def _strings(entry: dict[str, Any], name: str) -> tuple[str, ...]:
    value = entry.get(name) or []
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(one, str) and one.strip() for one in values):
        raise ValueError(f"{name} is not a list of texts")
    return tuple(values)


def _short_hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:10]
