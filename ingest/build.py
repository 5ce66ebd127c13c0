"""The next version: embedded, written, sealed, tested by the gate, published."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ingest.embed import Embedding, embed
from ingest.gate import GateResult
from ingest.ledger import Ledger, current_reader, write_ledger
from ingest.mirror import SourceContent
from ingest.options import IngestOptions
from ingest.progress import ProgressListener
from kb.encoder import Encoder
from kb.manifest import ManifestFields
from kb.passage import Passage
from kb.staged_version import StagedVersion
from kb.store_writer import StoreWriter
from kb.version import Version


@dataclass(frozen=True, slots=True)
class BuiltVersion:
    """A sealed version in the staging folder. ``computed`` counts the texts that had to be encoded."""

    staged: StagedVersion
    fields: ManifestFields
    passages: int
    computed: int


def embed_contents(
    contents: Sequence[SourceContent],
    encoder: Encoder,
    live: Version | None,
    begin: Callable[[int], None],
    advance: Callable[[int], None],
) -> Embedding:
    """The vectors of all passages of ``contents``, in the order of `all_passages`."""
    return embed(all_passages(contents), encoder, live, begin, advance)


def all_passages(contents: Sequence[SourceContent]) -> list[Passage]:
    """The passages of all documents, in the order in which they are stored."""
    return [passage for content in contents for item in content.documents.values() for passage in item.passages]


def write_version(
    writer: StoreWriter, contents: Sequence[SourceContent], embedding: Embedding, encoder: Encoder, options: IngestOptions
) -> BuiltVersion:
    """Writes and seals the next version. Raises StorageFullError, StorageDeniedError."""
    staged = writer.stage()
    passages = all_passages(contents)
    staged.write((item.document for content in contents for item in content.documents.values()), passages, embedding.vectors)
    places = {content.source: content.place for content in contents if content.place}
    readers = {content.source: content.reader for content in contents if content.reader}
    write_ledger(staged.path, Ledger({content.source: content.ledger for content in contents}, places, readers))
    fields = ManifestFields(encoder_id=encoder.id, chunker=current_reader(), who=options.who, why=options.why, forced=options.force)
    writer.seal(staged, fields)
    return BuiltVersion(staged, fields, len(passages), embedding.computed)


def check_gate(
    built: BuiltVersion, live: Version | None, options: IngestOptions, progress: ProgressListener
) -> GateResult | None:
    """The gate's verdict on the sealed version, overruled where the options say so; ``None`` without a gate."""
    if options.gate is None:
        progress.phase("gate", 1)
        progress.advance(1)
        return None
    staged = Version.open(built.staged.path, verify=False)
    try:
        verdict = options.gate.check(staged, live, progress)
    finally:
        staged.close()
    return verdict if verdict.passed or options.force is None else verdict.force(options.force, options.who)


def publish(writer: StoreWriter, built: BuiltVersion, verdict: GateResult | None) -> str:
    """Makes the version live, the gate's verdict in its manifest, and returns its id."""
    if verdict is not None:
        fields = built.fields
        gated = replace(fields, gate=verdict.to_json())
        writer.seal(built.staged, gated)
    return writer.publish(built.staged)
