"""The manifest: what a version is made of, and the digest of every file, so that a flipped bit is noticed before it serves."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, asdict, dataclass, field, fields
from datetime import datetime
from typing import Any

from kb.errors import VersionDamagedError
from kb.files import FileDigest

FORMAT = 1
MANIFEST_NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class ManifestFields:
    """What the builder of a version knows about it, and the store does not.

    ``chunker`` names the passage cutter and its version, ``gate`` is the gate's result as plain JSON values,
    ``who`` and ``why`` are for people, and so is ``forced``, the reason given for publishing whatever the gate or a hold says.
    """

    encoder_id: str
    chunker: str
    who: str
    why: str
    gate: Mapping[str, Any] | None = None
    forced: str | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """The content of ``manifest.json``. Plain JSON values only.

    ``created`` is an ISO 8601 time with its offset; ``sources`` counts the documents of each source; ``counts`` counts
    ``documents``, ``passages`` and ``passages_<audience>``; ``files`` maps POSIX paths within the version's folder to digests.
    ``forgotten`` maps the ids of documents that were taken out of the version since to when that was. Fields with a default may be
    missing on the disk.
    """

    id: str
    parent: str | None
    created: str
    sources: Mapping[str, int]
    counts: Mapping[str, int]
    encoder_id: str
    dimension: int
    normalised: bool
    chunker: str
    index_type: str
    gate: Mapping[str, Any] | None
    who: str
    why: str
    files: Mapping[str, FileDigest] = field(repr=False)
    format: int = FORMAT
    forced: str | None = None
    forgotten: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """The manifest as JSON text, with a checksum over everything else in it."""
        body = asdict(self)
        return json.dumps(body | {"checksum": _checksum(body)}, indent=2, ensure_ascii=False, sort_keys=True, allow_nan=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Manifest":
        """The manifest in ``text``. Raises VersionDamagedError, without naming a file, if it is damaged or of another format."""
        body = _parse_body(text)
        try:
            values = {f.name: body[f.name] for f in fields(cls) if f.name in body or _is_needed(f)}
            files = {name: FileDigest(**digest) for name, digest in values.pop("files").items()}
            datetime.fromisoformat(values["created"])
            return cls(**values, files=files)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise VersionDamagedError(f"the manifest lacks or misstates a field ({error})") from error


def _is_needed(entry: "Field[Any]") -> bool:
    return entry.default is MISSING and entry.default_factory is MISSING


def _parse_body(text: str) -> dict[str, Any]:
    try:
        body = json.loads(text)
    except ValueError as error:
        raise VersionDamagedError(f"the manifest is not JSON ({error})") from error
    if not isinstance(body, dict):
        raise VersionDamagedError("the manifest is not a JSON object")
    if body.pop("checksum", None) != _checksum(body):
        raise VersionDamagedError("the manifest's checksum does not match its content")
    if body.get("format") != FORMAT:
        raise VersionDamagedError(
            f"the manifest has format {body.get('format')}, this Citedesk reads format {FORMAT} (install the release that wrote it)"
        )
    return body


def _checksum(body: Mapping[str, Any]) -> str:
    canonical = json.dumps(body, separators=(",", ":"), sort_keys=True, allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
