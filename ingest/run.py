"""One run, from sources to the next version: plan, parse, chunk, embed, write, gate, publish."""

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from ingest.build import BuiltVersion, check_gate, embed_contents, publish, write_version
from ingest.changes import changes_of
from ingest.duplicate_pair import Duplicates
from ingest.duplicates import duplicates_in
from ingest.embed import Embedding
from ingest.flagged import FlaggedPassage, flag_sentences
from ingest.forgetting import finish_forgetting
from ingest.gate import GateResult
from ingest.ledger import Ledger, read_ledger
from ingest.listing import list_source
from ingest.mirror import LiveSource, SourceContent, carry_source, check_loss, check_place, mirror_source
from ingest.options import IngestOptions
from ingest.parse.endings import KINDS
from ingest.parse.pool import ParserPool
from ingest.plan import SourcePlan, plan_source
from ingest.progress import ProgressListener, SilentProgress
from ingest.read import ReadFile, read_files
from ingest.report import FileReport, IngestReport, Outcome
from ingest.room import check_room
from ingest.skipped import Skipped
from ingest.source import Listing, SourceSpec
from ingest.source_area import SourceArea
from kb.document import document_id
from kb.encoder import Encoder
from kb.errors import KnowledgeBaseError, NoVersionError, SourceError, StoreBusyError
from kb.forgotten import read_forgotten
from kb.retention import prune
from kb.store import VersionStore
from kb.store_writer import StoreWriter
from kb.version import Version

HELD = (
    "Nothing was built. Run `citedesk rollback --release` to let this and the next runs publish again, "
    "or publish once more with --force and a reason."
)


def ingest(
    store: VersionStore,
    encoder: Encoder,
    sources: Sequence[SourceSpec],
    options: IngestOptions | None = None,
    progress: ProgressListener | None = None,
) -> IngestReport:
    """Mirrors ``sources`` into the knowledge base and publishes the next version if anything changed.

    Other sources are carried over as they are. Bad files are reported and cost only themselves. Raises SourceError if a source
    cannot be read or lost most of its documents, EncoderError, StorageFullError, StorageDeniedError, VersionDamagedError;
    then the live version is what it was.
    """
    _check_names(sources)
    run = _Run(store, encoder, options or IngestOptions(), progress or SilentProgress())
    try:
        with store.writer() as writer:
            return run.execute(writer, sources)
    except StoreBusyError as error:
        return IngestReport("busy", store.current_id(), seconds=run.seconds, notes=(str(error),))


def _check_names(sources: Sequence[SourceSpec]) -> None:
    if not sources:
        raise SourceError("No source was given. Name a folder or a file to ingest.")
    names = [spec.name for spec in sources]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SourceError(f"Two sources have the name {twice[0]!r}. Give one of them another name.")


class _Run:
    """What the steps of one run share."""

    def __init__(self, store: VersionStore, encoder: Encoder, options: IngestOptions, progress: ProgressListener) -> None:
        self._store = store
        self._encoder = encoder
        self._options = options
        self._progress = progress
        self._started = time.monotonic()
        self._notes: list[str] = []
        self._duplicates = Duplicates()
        self._changes: Mapping[str, Any] | None = None
        self._flagged: tuple[FlaggedPassage, ...] = ()
        self._skipped = Skipped({})

    @property
    def seconds(self) -> float:
        """How long the run has taken so far."""
        return time.monotonic() - self._started

    def execute(self, writer: StoreWriter, sources: Sequence[SourceSpec]) -> IngestReport:
        """The steps of a run, under the writer's lock."""
        finish_forgetting(self._store, writer)
        hold = self._store.hold()
        if hold is not None and self._options.force is None:
            return IngestReport("refused", hold.version, seconds=self.seconds, notes=(f"{hold} {HELD}",))
        live = self._open_live()
        try:
            ledger = Ledger() if live is None else read_ledger(live.path)
            old = {spec.name: LiveSource(spec.name, live) for spec in sources}
            plans = self._plan(sources, ledger, old)
            self._skipped = Skipped({plan.source: plan.skipped for plan in plans if plan.skipped})
            check_room(self._store, live, plans)
            read = self._parse(plans)
            places = {spec.name: spec.argument for spec in sources}
            contents = [mirror_source(plan, read[plan.source], old[plan.source], ledger, places[plan.source]) for plan in plans]
            for content in contents:
                check_place(content, old[content.source], ledger.places.get(content.source, ""), self._options.confirm_loss)
                check_loss(content, old[content.source], self._options.confirm_loss)
            carried = self._carry(live, ledger, contents)
            together = sorted([*carried, *contents], key=lambda content: content.source)
            self._find_duplicates(contents, together)
            self._find_flagged(contents)
            return self._build(writer, live, contents, together)
        finally:
            if live is not None:
                live.close()

    def _open_live(self) -> Version | None:
        try:
            return self._store.open_current()
        except NoVersionError:
            return None

    def _plan(self, sources: Sequence[SourceSpec], ledger: Ledger, old: dict[str, LiveSource]) -> list[SourcePlan]:
        listings = [self._list(spec, ledger, old[spec.name]) for spec in sources]
        self._progress.phase("plan", sum(len(listing.files) for listing in listings))
        plans = []
        for listing in listings:
            live_paths = frozenset(old[listing.source].hashes)
            plans.append(plan_source(listing, ledger, live_paths, self._options.limits, self._progress.advance))
            names = listing.scopes.missing_entries(listing.paths)
            self._notes += [f"{listing.source}: a _scope.yaml names {name!r}, which is not there" for name in names]
        self._progress.done()
        return plans

    def _list(self, spec: SourceSpec, ledger: Ledger, old: LiveSource) -> Listing:
        """What the source holds. Archives and web pages lie below the staging folder until the run ends."""
        folder = self._store.layout.staging / "sources" / document_id(spec.name, "")
        known = frozenset(ledger.sources.get(spec.name, ())) | frozenset(old.hashes)
        begin = partial(self._progress.phase, "fetch")
        area = SourceArea(folder, self._options.web, known, begin, self._progress.advance)
        listing = list_source(spec, area)
        if spec.kind == "addresses":
            self._progress.done()
        self._notes += [f"{spec.name}: {note}" for note in listing.notes]
        return listing

    def _parse(self, plans: Sequence[SourcePlan]) -> dict[str, list[ReadFile]]:
        files = [planned for plan in plans for planned in plan.files]
        read: dict[str, list[ReadFile]] = {plan.source: [] for plan in plans}
        self._progress.phase("parse", len(files))
        with ParserPool(min(self._options.workers, max(1, len(files))), self._options.limits) as pool:
            for file in read_files(files, pool, self._store.objects, read_forgotten(self._store.layout)):
                read[file.planned.source].append(file)
                self._progress.advance(1)
        self._progress.done()
        return read

    def _carry(self, live: Version | None, ledger: Ledger, contents: Sequence[SourceContent]) -> list[SourceContent]:
        if live is None:
            return []
        given = {content.source for content in contents}
        return [carry_source(source, live, ledger) for source in sorted(live.manifest.sources) if source not in given]

    def _find_duplicates(self, given: Sequence[SourceContent], contents: Sequence[SourceContent]) -> None:
        self._duplicates = duplicates_in(given, contents)
        self._notes += self._duplicates.sentences

    def _find_flagged(self, given: Sequence[SourceContent]) -> None:
        self._flagged = tuple(flagged for content in given for item in content.documents.values() for flagged in item.flagged)
        self._notes += flag_sentences(self._flagged)

    def _build(
        self, writer: StoreWriter, live: Version | None, given: Sequence[SourceContent], contents: Sequence[SourceContent]
    ) -> IngestReport:
        failed = any(report.state == "failed" for content in given for report in content.reports)
        if not any(content.documents for content in contents):
            why = "see the files that failed" if failed else f"documents are {KINDS}"
            self._notes.append(f"No document could be ingested, so there is nothing to publish: {why}.")
            return self._report("failed", live, given, contents)
        reembed = live is not None and live.manifest.encoder_id != self._encoder.id
        self._note_read_anew(live, given)
        if live is not None and not reembed and not any(content.differs or content.read_anew for content in given):
            return self._report("partial" if failed else "unchanged", live, given, contents)
        if live is not None and reembed:
            self._notes.append(
                f"Every passage was embedded anew: the encoder changed from {live.manifest.encoder_id} to {self._encoder.id}."
            )
        embedding = self._embed(live, contents)
        built = self._write(writer, contents, embedding)
        self._changes = changes_of(built.staged.path, live, self._options.today or datetime.now(UTC).date())
        verdict = self._gate(built, live)
        if verdict is not None and verdict.forced is not None:
            self._notes.append(f"Published although the gate refused: {verdict.summary} The reason given: {verdict.forced['reason']}")
        elif verdict is not None and not verdict.passed:
            writer.discard(built.staged)
            self._notes.append(f"The gate refused the new version: {verdict.summary}")
            return self._report("refused", live, given, contents, verdict=verdict, built=built)
        version = publish(writer, built, verdict)
        self._prune(writer)
        return self._report("partial" if failed else "published", live, given, contents, version, verdict, built)

    def _note_read_anew(self, live: Version | None, given: Sequence[SourceContent]) -> None:
        for content in given:
            if live is not None and content.read_anew:
                self._notes.append(f"{content.source}: read anew, for this release reads documents in another way; none of them changed.")

    def _embed(self, live: Version | None, contents: Sequence[SourceContent]) -> Embedding:
        begin = partial(self._progress.phase, "embed")
        embedding = embed_contents(contents, self._encoder, live, begin, self._progress.advance)
        self._progress.done()
        return embedding

    def _write(self, writer: StoreWriter, contents: Sequence[SourceContent], embedding: Embedding) -> BuiltVersion:
        self._progress.phase("write", 1)
        built = write_version(writer, contents, embedding, self._encoder, self._options)
        self._progress.advance(1)
        self._progress.done()
        return built

    def _gate(self, built: BuiltVersion, live: Version | None) -> GateResult | None:
        verdict = check_gate(built, live, self._options, self._progress)
        self._progress.done()
        return verdict

    def _prune(self, writer: StoreWriter) -> None:
        if self._options.keep_versions is None:
            return
        try:
            problem = prune(self._store, writer, self._options.keep_versions).problem
        except KnowledgeBaseError as error:  # what was published stays published
            problem = f"Old versions could not be removed. {error}"
        if problem is not None:
            self._notes.append(problem)

    def _report(
        self,
        outcome: Outcome,
        live: Version | None,
        given: Sequence[SourceContent],
        contents: Sequence[SourceContent],
        version: str | None = None,
        verdict: GateResult | None = None,
        built: BuiltVersion | None = None,
    ) -> IngestReport:
        files = tuple(report for content in given for report in content.reports)
        counts = _count(given, contents, files)
        counts["embedded"] = 0 if built is None else built.computed
        current = version or (None if live is None else live.id)
        gate = None if verdict is None else verdict.to_json()
        return IngestReport(
            outcome,
            current,
            files,
            counts,
            self.seconds,
            tuple(self._notes),
            gate,
            duplicates=self._duplicates,
            changes=self._changes,
            published=version is not None,
            flagged=self._flagged,
            skipped=self._skipped,
        )


def _count(given: Sequence[SourceContent], contents: Sequence[SourceContent], files: Sequence[FileReport]) -> dict[str, int]:
    return {
        "documents": sum(len(content.documents) for content in contents),
        "passages": sum(len(item.passages) for content in contents for item in content.documents.values()),
        "added": sum(content.added for content in given),
        "changed": sum(content.changed for content in given),
        "removed": sum(len(content.lost) for content in given),
        "unchanged": sum(content.unchanged for content in given),
        "failed": sum(file.state == "failed" for file in files),
    }
