"""Cuts a text into clauses that no piece of personal data reaches across, from left to right."""

import re
from collections.abc import Iterator

MAX_CLAUSE = 400
"""Characters. A longer one is cut where no number, address of mail or name of a street is under way."""
_END = re.compile(r"[\n\r\u2028\u2029。！？!?；;]|(?<=[a-zà-ÿ]{4})\.\s(?=[^\d\s])")
_GAP = re.compile(r"(?<=[^\W\d_]{4})[\s，,、](?=[^\W\d_(])|(?<=[\u4e00-\u9fff，、])(?=[\u4e00-\u9fff])")


def clauses(text: str) -> Iterator[tuple[int, int]]:
    """The spans of the clauses of ``text``, the last one unfinished perhaps; together they are the whole text."""
    start = 0
    while start < len(text):
        end = end_of_clause(text, start) or len(text)
        yield start, end
        start = end


def end_of_clause(text: str, start: int = 0) -> int | None:
    """Where the clause that begins at ``start`` ends, as far as ``text`` tells: None until nothing that follows can change it."""
    clause = text[start : start + MAX_CLAUSE]
    found = _END.search(clause)
    if found is not None:
        return start + found.end()
    if len(clause) < MAX_CLAUSE:
        return None
    gaps = [gap.end() for gap in _GAP.finditer(clause) if gap.end() < MAX_CLAUSE]
    return start + (gaps[-1] if gaps else MAX_CLAUSE)
