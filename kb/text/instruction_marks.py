"""How texts sound that speak to a language model instead of to a reader: English and Chinese, as regular expressions in a file.

A *plain* mark is enough by itself. *Faint* ones also stand in honest manuals ("reply with STOP"); two of them close together are enough.
A verb with a bracket right behind it (``print(``) is program code, and so is ``[0]`` behind a name where an expression goes on.
All are matched against text in lower case, in compatibility form (NFKC), without invisible characters.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

MARKS_FILE = Path(__file__).with_name("instruction_marks.json")
_PART = re.compile("<<([A-Z]+)>>")


@dataclass(frozen=True, slots=True)
class Mark:
    """A pattern that can only match a text with one of ``words`` in it (any text, if there are none): to look for those is cheap."""

    words: tuple[str, ...]
    pattern: re.Pattern[str]

    def places(self, text: str) -> list[tuple[int, int]]:
        """The spans at which the pattern matches ``text``."""
        if self.words and not any(word in text for word in self.words):
            return []
        return [match.span() for match in self.pattern.finditer(text)]


@dataclass(frozen=True, slots=True)
class Marks:
    """``plain`` ones for every text, ``chinese`` plain ones for texts with Han characters, and ``faint`` ones."""

    plain: tuple[Mark, ...]
    chinese: tuple[Mark, ...]
    faint: tuple[Mark, ...]


@cache
def instruction_marks() -> Marks:
    """The marks, read once."""
    values = json.loads(MARKS_FILE.read_text(encoding="utf-8"))
    parts: Mapping[str, str] = values["parts"]
    made = {name: tuple(_mark(entry, parts) for entry in values[name]) for name in ("english", "structure", "chinese", "faint")}
    return Marks((*made["english"], *made["structure"]), made["chinese"], made["faint"])


def _mark(entry: Mapping[str, str], parts: Mapping[str, str]) -> Mark:
    pattern = _PART.sub(lambda found: parts[found.group(1)], entry["pattern"])
    return Mark(tuple(entry["words"].split()), re.compile(pattern, re.MULTILINE))
