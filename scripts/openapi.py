"""Writes docs/openapi.json anew from the routes. Run it after changing a route, its body or what it sends, and read the difference."""

import sys
import tempfile
from pathlib import Path
from typing import Any

import orjson

ROOT = Path(__file__).parents[1]
FILE = ROOT / "docs" / "openapi.json"


def document() -> dict[str, Any]:
    """The document of the application as it is."""
    from kb.encoders.hashing import HashingEncoder
    from rag.readers.word_reader import WordClaimReader, WordReader
    from server.app import create_app
    from server.openapi import build_document
    from server.services import open_services
    from server.settings import Settings

    with (
        tempfile.TemporaryDirectory() as folder,
        open_services(Settings(data=Path(folder)), HashingEncoder(), WordReader(), WordClaimReader()) as services,
    ):
        return build_document(create_app(services).state.routes)


def written(content: dict[str, Any]) -> bytes:
    """``content`` as the file has it: indented, keys in order, so that a change is few lines."""
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    FILE.write_bytes(written(document()))
    print(f"Written: {FILE}")
