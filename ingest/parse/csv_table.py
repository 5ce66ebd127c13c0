"""CSV: FAQ tables and generic ones, separated by commas, semicolons or tabs."""

import csv
import io
from itertools import islice

from ingest.parse.draft import Draft, DraftBuilder, FileInput, Parsed
from ingest.parse.encoding import decode
from ingest.parse.faq import add_rows
from ingest.parse.limits import Limits
from kb.errors import ParseError

MEDIA_TYPE = "text/csv"
DELIMITERS = (",", ";", "\t", "|", "，")


def parse_csv(file: FileInput, limits: Limits) -> Parsed:
    """One draft. Raises ParseError if the table is empty or malformed."""
    text = decode(file.content)
    if len(text) > limits.largest_text:
        raise ParseError(f"the table holds more than {limits.largest_text:,} characters; split the file")
    try:
        rows = list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True), limits.rows + 1))
    except csv.Error as error:
        raise ParseError(f"the table is malformed: {error}; check its quotes") from error
    if len(rows) > limits.rows:
        raise ParseError(f"the table holds more than {limits.rows:,} rows; split the file")
    builder = DraftBuilder()
    notes = add_rows(builder, rows, "")
    if not builder.blocks:
        raise ParseError("the table holds no complete row")
    return Parsed((Draft(builder.text, builder.blocks, MEDIA_TYPE, notes=tuple(notes)),))


def _delimiter(text: str) -> str:
    """The separator that the first line holds most of, outside of quotes."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    outside = "".join(first.split('"')[::2])
    return max(DELIMITERS, key=outside.count)
