"""Invented shops: passages as their documents have them, questions with the sentence that answers, and questions nothing answers.

They were written for this project, before anything was tuned on them, and are of other trades than the sample shop. One
file each in ``eval/shops``, a JSON object a line. Half of the shops (by a hash of the name) may be learned and tuned from.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

from eval.json_lines import read_json_lines
from eval.question import Half, half_of
from kb.errors import ConfigurationError
from kb.text.sentences import split_sentences

SHOPS_FOLDER = Path(__file__).parent / "shops"
PassageForm = Literal["prose", "list", "table", "faq"]


@dataclass(frozen=True, slots=True)
class ShopPassage:
    """One section of a document. Tables have a row a line and cells between `` | ``, their header first; an FAQ its question first."""

    id: str
    title: str
    heading: str
    language: str
    kind: PassageForm
    text: str


@dataclass(frozen=True, slots=True)
class ShopQuestion:
    """A question; ``passages`` (the best first) and ``answer``, a literal stretch of the best, are empty when nothing answers it."""

    id: str
    language: str
    question: str
    passages: tuple[str, ...]
    answer: str
    style: str


@dataclass(frozen=True, slots=True)
class Shop:
    """One invented shop."""

    name: str
    passages: tuple[ShopPassage, ...]
    questions: tuple[ShopQuestion, ...]

    @property
    def half(self) -> Half:
        """``tune`` or ``test``: no shop stands in both."""
        return half_of(self.name)


def read_shops(folder: Path = SHOPS_FOLDER) -> list[Shop]:
    """All shops, by name.

    Raises:
        ConfigurationError: there are none, or a line is malformed.
    """
    shops = [_read(path) for path in sorted(folder.glob("*.jsonl"))]
    if not shops:
        raise ConfigurationError(f"There are no shops in {folder}. Put *.jsonl files there.")
    return shops


def sentences_of(passage: ShopPassage) -> list[str]:
    """The sentences, list lines or table rows that may answer; rows carry their header as ingest writes it."""
    lines = passage.text.split("\n")
    if passage.kind == "table":
        header = _cells(lines[0])
        return [_row(header, _cells(line)) for line in lines[1:] if line.strip()]
    if passage.kind == "list":
        return [line for line in lines if line.strip()]
    text = "\n".join(lines[1:]) if passage.kind == "faq" else passage.text
    return [text[start:end] for start, end in split_sentences(text, passage.language)]


def holds_answer(text: str, answer: str) -> bool:
    """Whether ``text`` tells ``answer``: every cell of a table row, or the sentence, white space aside."""
    plain = _squeezed(text)
    return all(_squeezed(cell) in plain for cell in _cells(answer) if cell)


def answers(sentence: str, answer: str) -> bool:
    """Whether ``sentence`` is what answers: it tells ``answer``, or is most of it where the two were cut differently."""
    return holds_answer(sentence, answer) or (len(sentence) > len(answer) / 2 and holds_answer(answer, sentence))


def write_documents(shop: Shop, folder: Path) -> None:
    """The shop's documents as files: Markdown, a section for each passage, and a table of questions and answers."""
    folder.mkdir(parents=True, exist_ok=True)
    others = [passage for passage in shop.passages if passage.kind != "faq"]
    for number, title in enumerate(dict.fromkeys(passage.title for passage in others), 1):
        parts = [_section(passage) for passage in others if passage.title == title]
        (folder / f"{number:02}.md").write_text("\n\n".join([f"# {title}", *parts]) + "\n", encoding="utf-8")
    _write_faq([passage for passage in shop.passages if passage.kind == "faq"], folder)


def _write_faq(passages: Sequence[ShopPassage], folder: Path) -> None:
    for language, group in groupby(sorted(passages, key=lambda passage: passage.language), lambda passage: passage.language):
        with (folder / f"faq-{language}.csv").open("w", encoding="utf-8", newline="") as out:
            rows = csv.writer(out)
            rows.writerow(["question", "answer"])
            for passage in group:
                rows.writerow(passage.text.split("\n", 1))


def _section(passage: ShopPassage) -> str:
    return "\n\n".join([f"## {passage.heading}"] * bool(passage.heading) + [_body(passage)])


def _body(passage: ShopPassage) -> str:
    if passage.kind != "table":
        return passage.text
    lines = [line for line in passage.text.split("\n") if line.strip()]
    header = _cells(lines[0])
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [header, ["---"] * len(header), *map(_cells, lines[1:])])


def _row(header: Sequence[str], cells: Sequence[str]) -> str:
    if len(header) != len(cells):
        return " | ".join(cells)
    return " | ".join(f"{name}: {value}" for name, value in zip(header, cells, strict=True))


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text).casefold()


def _read(path: Path) -> Shop:
    passages: list[ShopPassage] = []
    questions: list[ShopQuestion] = []
    for item in read_json_lines(path, _item, "A passage or question"):
        if isinstance(item, ShopPassage):
            passages.append(item)
        else:
            questions.append(item)
    return Shop(path.stem, tuple(passages), tuple(questions))


def _item(entry: dict[str, Any]) -> ShopPassage | ShopQuestion:
    if entry.pop("type", None) == "passage":
        return ShopPassage(**entry)
    return ShopQuestion(**{**entry, "passages": tuple(entry["passages"])})
