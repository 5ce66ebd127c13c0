"""What commands print. With ``--json`` all text goes to standard error, and standard output holds one JSON object."""

import sys
from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kb.text.printable import printable

UNBOUNDED = 200
"""Columns of a table that goes into a file or another program: nothing there is as narrow as a window."""


class Output:
    """Where one command prints to. ``as_json`` is the option ``--json``."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json
        self.console = Console(stderr=as_json, highlight=False, soft_wrap=True)
        if not self.console.is_terminal:
            self.console.width = UNBOUNDED
        self.progress = Console(stderr=True, highlight=False)

    def say(self, text: str, style: str | None = None) -> None:
        """Print a line; nothing in it is markup, and nothing steers the terminal."""
        self.console.print(Text(printable(text), style=style or ""))

    def table(self, title: str, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
        """Print a table, without the columns in which no row says anything; of no rows, that there are none."""
        cells = [["" if cell is None else printable(str(cell)) for cell in row] for row in rows]
        if not cells:
            self.say(f"{title}: none.")
            return
        names = list(columns)
        told = [number for number in range(len(names)) if any(row[number] for row in cells)]
        table = Table(title=title, title_justify="left")
        for number in told:
            table.add_column(names[number], overflow="fold")
        for row in cells:
            table.add_row(*(Text(row[number]) for number in told))
        self.console.print(table)

    def result(self, content: Mapping[str, Any]) -> None:
        """Print the JSON object if it was asked for. Comes last."""
        if self.as_json:
            write_json_line(content)


def write_json_line(content: Mapping[str, Any]) -> None:
    """One JSON object as a line of standard output."""
    sys.stdout.write(orjson.dumps(content).decode() + "\n")
    sys.stdout.flush()
