"""All that a data folder keeps, and what of it may have changed after an act on it was cut short."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as with_changes
from typing import TypeAlias

from kb.document import document_id
from kb.errors import CitedeskError
from kb.forgotten import read_forgotten
from kb.live import LiveVersion
from kb.store import VersionStore
from tests.reliability.oracle import Contents, Violation, contents_of, mismatches
from tests.reliability.victim import SOURCE

Pointer: TypeAlias = "tuple[str | None, str | None]"
"""The current version, and the one that is held."""


@dataclass(frozen=True)
class Snapshot:
    """Every kept version with its contents and its parent, and where CURRENT and HOLD point."""

    versions: Mapping[str, Contents]
    parents: Mapping[str, str | None]
    current: str | None
    held: str | None

    @property
    def pointer(self) -> Pointer:
        return self.current, self.held

    @property
    def contents(self) -> Contents:
        return self.versions[self.current] if self.current is not None else {}

    @property
    def next_id(self) -> str:
        """The id of the version that is built next."""
        return f"{max(map(int, self.versions), default=0) + 1:06d}"

    def without(self, documents: frozenset[str]) -> "Snapshot":
        """The same once these documents (ids) are forgotten."""
        return with_changes(self, versions={one: _without(contents, documents) for one, contents in self.versions.items()})

    def kept(self, keep: int) -> frozenset[str]:
        """What stays when the newest ``keep`` versions do: these, the current one, the one before it, the held and the highest."""
        ids = sorted(self.versions, reverse=True)
        assert self.current is not None
        parent = self.parents[self.current]
        older = [one for one in ids if one < self.current]
        before = [parent] if parent in self.versions else older[:1]
        return frozenset(one for one in (*ids[:keep], *before, self.current, self.held, ids[0]) if one is not None)

    def only(self, ids: frozenset[str]) -> "Snapshot":
        """The same with no other versions than these."""
        return with_changes(self, versions={one: contents for one, contents in self.versions.items() if one in ids})


def snapshot(store: VersionStore, violations: list[Violation] | None = None) -> Snapshot:
    """Opens and verifies every version that is kept, and adds to ``violations`` what does not belong together in it.

    Raises CitedeskError where one is not sound.
    """
    versions: dict[str, Contents] = {}
    parents = {}
    for version_id in store.version_ids():
        version = store.open(version_id)
        try:
            version.warm()
            versions[version_id], parents[version_id] = contents_of(version), version.manifest.parent
            if violations is not None:
                violations += mismatches(store, version)
        finally:
            version.close()
    hold = store.hold()
    return Snapshot(versions, parents, store.current_id(), None if hold is None else hold.version)


def compare(store: VersionStore, states: Sequence[Snapshot], acknowledged: bool) -> list[Violation]:
    """Compares what is kept with the ``states`` that the act leads through, from the one before it to the one after it.

    Each version must be as in one of them, and CURRENT and HOLD together too; as in the last, if the act was ``acknowledged``.
    """
    violations: list[Violation] = []
    try:
        found = snapshot(store, violations)
    except CitedeskError as error:
        return [Violation("failed start", f"a kept version: {error}")]
    allowed = states[-1:] if acknowledged else states
    for version_id in {*found.versions, *states[0].versions}:
        violations += _version(version_id, found, allowed)
    if found.pointer not in [state.pointer for state in allowed]:
        kind = "lost" if found.pointer in [state.pointer for state in states] else "half-visible"
        violations.append(Violation(kind, f"CURRENT and hold are {found.pointer}, not {[state.pointer for state in allowed]}"))
    if acknowledged and (left := sorted({*store.layout.root.glob(".*"), *store.layout.staging.iterdir()})):
        violations.append(Violation("phantom", f"{left[0]} was left lying"))
    return [*violations, *_start(store, found), *_forgotten(store, found, acknowledged)]


def _start(store: VersionStore, found: Snapshot) -> Iterator[Violation]:
    live = LiveVersion(store)
    try:
        if live.problem is not None or live.id != found.current:
            yield Violation("failed start", f"{live.id} is served, {found.current} is current: {live.problem}")
    finally:
        live.close()


def _version(version_id: str, found: Snapshot, allowed: Sequence[Snapshot]) -> Iterator[Violation]:
    possible = [state.versions.get(version_id) for state in allowed]
    contents = found.versions.get(version_id)
    if contents in possible:
        return
    if contents is None:
        yield Violation("lost", f"version {version_id} is gone")
    else:
        yield Violation("half-visible" if any(possible) else "phantom", f"version {version_id} is as in no allowed state: {contents}")


def _forgotten(store: VersionStore, found: Snapshot, acknowledged: bool) -> Iterator[Violation]:
    """What was forgotten is in no version, and its original is gone unless another document has the same content."""
    used = {content for contents in found.versions.values() for content in contents.values()}
    for entry in read_forgotten(store.layout):
        if not entry.done:
            if acknowledged:
                yield Violation("lost", f"the forgetting of {entry.document} was not finished")
            continue
        for version_id, contents in found.versions.items():
            if _without(contents, frozenset({entry.document})) != contents:
                yield Violation("phantom", f"version {version_id} holds the forgotten document {entry.document}")
        if entry.content is not None and entry.content not in used and store.objects.has(entry.content):
            yield Violation("phantom", f"the original {entry.content} of a forgotten document is kept")


def _without(contents: Contents, documents: frozenset[str]) -> Contents:
    return {path: content for path, content in contents.items() if document_id(SOURCE, path) not in documents}
