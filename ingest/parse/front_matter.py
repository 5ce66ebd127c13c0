"""YAML front matter: the keys between two lines of three hyphens at the top of a text."""

import re

import yaml

from ingest.metadata import Metadata, read_metadata
from kb.errors import ParseError

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
WHERE = "the front matter"


def split_front_matter(text: str) -> tuple[Metadata, str]:
    """The metadata at the top of ``text`` and the text below it. Raises ParseError if it is malformed.

    Three hyphens that only rule off a paragraph are no front matter.
    """
    match = _FRONT_MATTER.match(text)
    if match is None:
        return Metadata(), text
    try:
        values = yaml.safe_load(match.group("yaml"))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ParseError(f"{WHERE} is not YAML ({' '.join(str(error).split())})") from error
    if values is None:
        return Metadata(), text[match.end() :]
    if not isinstance(values, dict):
        return Metadata(), text
    return read_metadata({str(key): value for key, value in values.items()}, WHERE), text[match.end() :]
