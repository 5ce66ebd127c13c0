"""A source of documents through the product's own ingest, in a data folder that goes away again."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.options import IngestOptions
from ingest.run import ingest
from ingest.source import SourceSpec
from kb.encoder import Encoder
from kb.errors import ConfigurationError
from kb.store import VersionStore
from kb.version import Version


@contextmanager
def ingested_source(name: str, path: Path, encoder: Encoder) -> Iterator[Version]:
    """A version made of the documents in the folder or file at ``path``, the source ``name``.

    Raises:
        ConfigurationError: a document could not be ingested.
    """
    with tempfile.TemporaryDirectory(prefix="citedesk-eval-") as data:
        store = VersionStore(Path(data))
        report = ingest(store, encoder, [SourceSpec(name, path)], IngestOptions())
        failed = [f"{file.path}: {file.reason}" for file in report.files if file.state == "failed"]
        if failed:
            raise ConfigurationError(f"{len(failed)} documents of {name} could not be ingested, the first: {failed[0]}")
        version = store.open_current()
        try:
            yield version
        finally:
            version.close()
