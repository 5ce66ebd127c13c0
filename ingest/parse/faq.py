"""Tables of rows: FAQ pairs if the columns say so, else rows that carry their header."""

from collections.abc import Iterable, Mapping, Sequence

from ingest.metadata import Metadata, read_cells
from ingest.parse.draft import DraftBuilder, clean_characters
from ingest.parse.table import row_texts

QUESTION_COLUMNS = frozenset({"question", "q", "问题", "问"})
ANSWER_COLUMNS = frozenset({"answer", "a", "答案", "答", "回答"})


def add_rows(builder: DraftBuilder, rows: Sequence[Sequence[str]], where: str) -> list[str]:
    """Adds a table to ``builder`` and returns notes about rows that were left out. ``where`` begins messages ("sheet FAQ").

    A first row that names a question and an answer column makes every other row a pair, whose cells under
    the scope keys hold for that pair alone. Raises ParseError if such a cell cannot be read.
    """
    filled = [(number, [clean_characters(cell) for cell in row]) for number, row in enumerate(rows, 1) if any(cell.strip() for cell in row)]
    if not filled:
        return []
    header = [cell.strip().casefold() for cell in filled[0][1]]
    if is_faq_header(header):
        pairs = ((f"{where}row {number}", dict(zip(header, row, strict=False))) for number, row in filled[1:])
        return add_pairs(builder, pairs)
    for text in row_texts([row for _, row in filled], _has_header(filled[0][1]) if len(filled) > 1 else False):
        builder.block("table_row", text)
    return []


def add_pairs(builder: DraftBuilder, pairs: Iterable[tuple[str, Mapping[str, str]]]) -> list[str]:
    """Adds one `faq` block for each pair of ``(where, cells by lower-case column)``; returns notes about incomplete pairs."""
    notes = []
    for where, cells in pairs:
        question = " ".join(_pick(cells, QUESTION_COLUMNS).split())
        answer = "\n".join(line for part in _pick(cells, ANSWER_COLUMNS).splitlines() if (line := " ".join(part.split())))
        if question and answer:
            metadata = read_cells({key: cell for key, cell in cells.items() if key not in QUESTION_COLUMNS | ANSWER_COLUMNS}, where)
            metadata.scope()
            builder.block("faq", f"{question}\n{answer}", metadata=_or_none(metadata))
        elif question or answer:
            notes.append(f"{where} has no {'answer' if question else 'question'}")
    return notes


def is_faq_header(header: Iterable[str]) -> bool:
    """Whether lower-case column names hold a question and an answer."""
    names = set(header)
    return bool(names & QUESTION_COLUMNS) and bool(names & ANSWER_COLUMNS)


def _pick(cells: Mapping[str, str], names: frozenset[str]) -> str:
    return next((cell for key, cell in cells.items() if key in names and cell.strip()), "")


def _or_none(metadata: Metadata) -> Metadata | None:
    return None if metadata.is_empty else metadata


def _has_header(row: Sequence[str]) -> bool:
    """Whether a file's first row names its columns: all different, none empty but the corner, none a number."""
    names = [cell.strip() for cell in row]
    return all(names[1:]) and len(set(names)) == len(names) and not any(_is_number(name) for name in names)


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", "").rstrip("%"))
    except ValueError:
        return False
    return True
