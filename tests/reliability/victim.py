"""What a child process does before it is killed: one act on a data folder, told about through a pipe.

A byte goes into the pipe at each step: ``w`` at every changing call of `kb.files`, ``c`` when the act is committed (its last
fsync is done), ``!`` when the caller has been told of success.
"""

import os
import shutil
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType
from typing import Any, Self

import ingest.run
import kb.files
from ingest.options import IngestOptions
from ingest.parse.draft import FileInput, Parsed
from ingest.parse.formats import parse_file
from ingest.parse.limits import Limits
from ingest.source import SourceSpec
from kb.encoders.hashing import HashingEncoder
from kb.store import VersionStore
from kb.store_writer import StoreWriter

WRITING = frozenset({"write", "fsync", "replace", "mkdir"})
"""Calls that build something. Removing a killed predecessor's remains comes before the first of them."""
SOURCE = "shop"
ENCODER = HashingEncoder()

Act = Callable[[Path, Path], None]


def ingest_night(data: Path, folder: Path) -> None:
    """Mirrors ``folder``, as the nightly job does. Parses in this process: see `InProcessPool`."""
    options = IngestOptions(workers=1, confirm_loss=frozenset({SOURCE}))
    report = ingest.run.ingest(VersionStore(data), ENCODER, [SourceSpec(SOURCE, folder)], options)
    assert report.outcome in ("published", "unchanged"), report


def copy_in_place(data: Path, built: Path) -> None:
    """Overwrites the files of the current version, one after the other, with those of the data folder ``built``: what must not be done."""
    store, new = VersionStore(data), VersionStore(built)
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


def run(act: Act, data: Path, folder: Path, pipe: Connection) -> None:
    """Performs ``act`` and tells about it through ``pipe``."""
    setattr(ingest.run, "ParserPool", InProcessPool)  # noqa: B010 - this process ends after the act
    _announce_calls(pipe)
    _announce_commit(pipe)
    act(data, folder)
    pipe.send_bytes(b"!")


def _announce_calls(pipe: Connection) -> None:
    for name, module in (("os", os), ("shutil", shutil)):
        setattr(kb.files, name, _Announcing(module, lambda: pipe.send_bytes(b"w")))


def _announce_commit(pipe: Connection) -> None:
    publish = StoreWriter.publish

    def announced(writer: StoreWriter, *arguments: Any) -> str:  # noqa: ANN401
        version = publish(writer, *arguments)
        pipe.send_bytes(b"c")
        return version

    setattr(StoreWriter, "publish", announced)  # noqa: B010 - this process ends after the act


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
