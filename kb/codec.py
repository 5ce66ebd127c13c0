"""Scopes, blocks and lines as compact JSON, for the record. Arrays by position for what there is a lot of."""

import json
import zlib
from datetime import date
from typing import Any

from kb.document import Block, LineBox
from kb.scope import Scope

COMPRESSION_LEVEL = 1  # half the time of the default level at nearly its size on prose


def scope_to_json(scope: Scope) -> str:
    """``scope`` as JSON, without the fields that restrict nothing; equal scopes give equal text."""
    values: dict[str, Any] = {
        "audience": scope.audience,
        "regions": scope.regions,
        "channels": scope.channels,
        "products": scope.products,
        "effective_from": _iso(scope.effective_from),
        "effective_to": _iso(scope.effective_to),
        "supersedes": scope.supersedes,
    }
    return _dumps({key: value for key, value in values.items() if value})


def scope_from_json(text: str) -> Scope:
    """The scope that `scope_to_json` wrote."""
    values = json.loads(text)
    return Scope(
        audience=values["audience"],
        regions=tuple(values.get("regions", ())),
        channels=tuple(values.get("channels", ())),
        products=tuple(values.get("products", ())),
        effective_from=_date(values.get("effective_from")),
        effective_to=_date(values.get("effective_to")),
        supersedes=tuple(values.get("supersedes", ())),
    )


def pack_text(text: str) -> bytes:
    """``text`` as compressed UTF-8."""
    return zlib.compress(text.encode(), COMPRESSION_LEVEL)


def unpack_text(data: bytes) -> str:
    """The text that `pack_text` packed."""
    return zlib.decompress(data).decode()


def pack_blocks(blocks: tuple[Block, ...]) -> bytes:
    """``blocks`` as compressed JSON."""
    rows = [
        [
            block.kind,
            block.start,
            block.end,
            block.heading_path,
            block.page,
            None if block.scope is None else scope_to_json(block.scope),
            block.title,
            block.language,
            block.public_url,
        ]
        for block in blocks
    ]
    return pack_text(_dumps(rows))


def unpack_blocks(data: bytes) -> tuple[Block, ...]:
    """The blocks that `pack_blocks` packed."""
    return tuple(
        Block(kind, start, end, tuple(headings), page, None if scope is None else scope_from_json(scope), title, language, url)
        for kind, start, end, headings, page, scope, title, language, url in json.loads(unpack_text(data))
    )


def pack_lines(lines: tuple[LineBox, ...]) -> bytes:
    """``lines`` as compressed JSON."""
    return pack_text(_dumps([[line.page, line.start, line.end, line.x0, line.y0, line.x1, line.y1] for line in lines]))


def unpack_lines(data: bytes) -> tuple[LineBox, ...]:
    """The lines that `pack_lines` packed."""
    return tuple(LineBox(*row) for row in json.loads(unpack_text(data)))


def _dumps(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False, allow_nan=False)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
