"""What a child process does before it is killed: one act on a data folder, told about through a pipe.

A byte goes into the pipe at each step: ``w`` at every changing call of `kb.files`, ``c`` when the act is committed (its last
fsync is done), ``!`` when the caller has been told of success.
"""

import os
import shutil
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType
from typing import Any, Self

import ingest.forgetting
import ingest.run
import kb.files
import kb.store_writer
from ingest.options import IngestOptions
from ingest.parse.draft import FileInput, Parsed
from ingest.parse.formats import parse_file
from ingest.parse.limits import Limits
from ingest.source import SourceSpec
from kb.encoders.hashing import HashingEncoder
from kb.forgotten import read_forgotten
from kb.retention import kept_versions, prune
from kb.rollback import roll_back
from kb.store import VersionStore

WRITING = frozenset({"write", "fsync", "replace", "mkdir"})
"""Calls that build something. Removing a killed predecessor's remains comes before the first of them."""
SOURCE = "shop"
ENCODER = HashingEncoder()

Act = Callable[[Path, str], None]
"""Takes the data folder, and what to do it with: a folder to mirror, a version, a number of versions, a document."""


def ingest_night(data: Path, folder: Path | str) -> None:
    """Mirrors ``folder``, as the nightly job does, over a hold if there is one. Parses in this process: see `InProcessPool`."""
    options = IngestOptions(workers=1, confirm_loss=frozenset({SOURCE}), force="the night is right")
    report = ingest.run.ingest(VersionStore(data), ENCODER, [SourceSpec(SOURCE, Path(folder))], options)
    forgotten = all(file.state != "failed" or "was forgotten on" in str(file.reason) for file in report.files)
    assert report.outcome in ("published", "unchanged") or (report.outcome == "partial" and forgotten), report


def go_back(data: Path, version: str) -> None:
    """Makes ``version`` current and holds it, as ``citedesk rollback`` does."""
    store = VersionStore(data)
    with store.writer() as writer:
        ingest.forgetting.finish_forgetting(store, writer)
        roll_back(store, writer, version, "the tests", "a bad night 坏的一夜")


def remove_old(data: Path, keep: str) -> None:
    """Keeps the newest ``keep`` versions and what must stay besides, as every publication does afterwards."""
    store = VersionStore(data)
    with store.writer() as writer:
        ingest.forgetting.finish_forgetting(store, writer)
        result = prune(store, writer, int(keep))
    assert result.problem is None, result


def forget_document(data: Path, document: str) -> None:
    """Takes the document with this id out of everything, as ``citedesk forget`` does."""
    store = VersionStore(data)
    with store.writer() as writer:
        ingest.forgetting.finish_forgetting(store, writer)
        holdings = ingest.forgetting.find_holdings(store, frozenset({document}))
        ingest.forgetting.forget(store, writer, holdings, "the tests", "a request")


def copy_in_place(data: Path, built: str) -> None:
    """Overwrites the files of the current version, one after the other, with those of the data folder ``built``: what must not be done."""
    store, new = VersionStore(data), VersionStore(Path(built))
    old, fresh = (one.layout.versions / str(one.current_id()) for one in (store, new))
    shutil.copytree(new.layout.objects, store.layout.objects, dirs_exist_ok=True)
    for file in sorted(path for path in fresh.rglob("*") if path.is_file()):
        content = file.read_bytes()
        kb.files.write_file(old / file.relative_to(fresh), (content,))


class InProcessPool:
    """Stands in for `ParserPool`, whose processes cannot write anything and take a second to start."""

    workers = 1

    def __init__(self, _workers: int, limits: Limits) -> None:
        self._limits = limits

    def parse(self, file: FileInput) -> Parsed:
        return parse_file(file, self._limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return


def run(act: Act, data: Path, what: str, pipe: Connection) -> None:
    """Performs ``act`` and tells about it through ``pipe``."""
    setattr(ingest.run, "ParserPool", InProcessPool)  # noqa: B010 - this process ends after the act
    _announce_calls(pipe, SLOWED.get(act, 0.0))
    _announce_commit(act, data, what, pipe)
    act(data, what)
    pipe.send_bytes(b"!")


SLOWED: dict[Act, float] = {go_back: 0.003, remove_old: 0.003, copy_in_place: 0.003}
"""Seconds that each changing call of a short act takes longer, as on a slow disk: or a busy machine's kill would come after its end."""


def _announce_calls(pipe: Connection, seconds: float) -> None:
    def announce() -> None:
        pipe.send_bytes(b"w")
        time.sleep(seconds)

    for name, module in (("os", os), ("shutil", shutil)):
        setattr(kb.files, name, _Announcing(module, announce))


def _announce_commit(act: Act, data: Path, what: str, pipe: Connection) -> None:
    """Tells when the call that holds the last fsync of ``act`` returns."""
    module: Any
    store = VersionStore(data)
    if act is forget_document:
        unfinished = any(not entry.done for entry in read_forgotten(store.layout))
        module, name, left = ingest.forgetting, "write_forgotten", 2 + unfinished
    elif act is remove_old:
        module, name, left = kb.store_writer, "replace", len(store.version_ids()) - len(kept_versions(store, int(what)))
    else:
        module, name, left = kb.store_writer.StoreWriter, "point_to" if act is go_back else "publish", 1
    value = getattr(module, name)

    def announced(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - whatever it takes and gives
        nonlocal left
        result = value(*arguments, **options)
        left -= 1
        if left == 0:
            pipe.send_bytes(b"c")
        return result

    setattr(module, name, announced)


class _Announcing:
    """``module``, with a word before each changing call."""

    def __init__(self, module: ModuleType, announce: Callable[[], None]) -> None:
        self._module = module
        self._announce = announce

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the module holds
        value = getattr(self._module, name)
        if name not in WRITING:
            return value

        def announced(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401
            self._announce()
            return value(*arguments, **options)

        return announced
