"""Files of one JSON object a line, which all written sets are kept in."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from kb.errors import ConfigurationError

Item = TypeVar("Item")


def read_json_lines(path: Path, make: Callable[[dict[str, Any]], Item], what: str) -> list[Item]:
    """What ``make`` makes of each line of ``path``, in order; empty lines say nothing. ``what`` names one of them: ``A question``.

    Raises:
        ConfigurationError: the file cannot be read, or a line is no JSON object, or ``make`` finds it malformed (ValueError, KeyError,
            TypeError).
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}.") from error
    return [_made(line, make, f"{what} is malformed ({path.name}, line {number})") for number, line in enumerate(lines, 1) if line.strip()]


def _made(line: str, make: Callable[[dict[str, Any]], Item], problem: str) -> Item:
    try:
        entry = json.loads(line)
        if not isinstance(entry, dict):
            raise ValueError("it is no JSON object")
        return make(entry)
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(f"{problem}: {error}.") from error
