"""A backup that is cut short: nothing of it lies anywhere, or it stands in the list by which `forget` names it."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kb.archive import partial_of
from kb.document import document_id
from kb.encoders.hashing import HashingEncoder
from kb.errors import StorageFullError
from kb.store import VersionStore
from server.backup.made import made_backups
from server.backup.make import make_backup
from server.cli.main import app
from tests.server import shop
from tests.source import ROOT

KEY = document_id(shop.SOURCE, "returns.md")
# Dies as by kill -9 when it comes to calling the function that is named first.
DYING = """
import os, sys
from pathlib import Path
import kb.archive
from kb.store import VersionStore
from server.backup.make import make_backup
setattr(kb.archive, sys.argv[1], lambda *_, **__: os._exit(9))
make_backup(VersionStore(Path(sys.argv[2])), Path(sys.argv[3]), None, "Ada")
"""


@pytest.fixture
def store(tmp_path: Path) -> VersionStore:
    shop.publish(tmp_path / "data", 0, HashingEncoder())
    return VersionStore(tmp_path / "data")


@pytest.mark.parametrize("name", ["copy", "copy.tar"])
def test_a_full_disk_leaves_nothing(store: VersionStore, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    make_backup(store, tmp_path / "first.tar", None, "Ada")
    before = made_backups(store.data)

    def full(*_arguments: object) -> None:
        assert partial_of(tmp_path / name).exists() and len(made_backups(store.data)) == 2, "it is listed before it is complete"
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("kb.archive.verify_archive", full)
    with pytest.raises(StorageFullError):
        make_backup(store, tmp_path / name, None, "Ada")
    assert made_backups(store.data) == before and not partial_of(tmp_path / name).exists() and not (tmp_path / name).exists()


@pytest.mark.slow
@pytest.mark.parametrize("dies_in", ["make_folder", "verify_archive", "replace"])
def test_killed_it_is_listed_wherever_anything_of_it_lies(store: VersionStore, tmp_path: Path, dies_in: str) -> None:
    target = tmp_path / "copy"
    command = [sys.executable, "-c", DYING, dies_in, str(store.data), str(target)]
    assert subprocess.run(command, cwd=ROOT, timeout=100, check=False).returncode == 9
    (made,) = made_backups(store.data)
    assert (made.present, made.unfinished) == (False, dies_in != "make_folder") and made.holds(frozenset({KEY})) == "unknown"
    arguments = ["forget", KEY, "--why", "law", "--yes", "--data", str(store.data)]
    said = CliRunner().invoke(app, arguments, env={"CITEDESK_ENCODER": "hashing", "COLUMNS": "200"}).stdout
    assert f"The backup {made.place} was moved, damaged or cut short" in said
    listed = CliRunner().invoke(app, ["backup", "--list", "--data", str(store.data)], env={"COLUMNS": "200"}).stdout
    assert ("cut short" in listed) is made.unfinished
    make_backup(store, target, None, "Ada")
    assert [(one.place, one.present, one.unfinished) for one in made_backups(store.data)] == [(str(target), True, False)]
    assert not partial_of(target).exists()
