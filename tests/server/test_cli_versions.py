"""Living with versions on the command line: rollback, check, retention, backup, restore, forget."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from ingest.gate import GateResult
from kb.document import document_id
from kb.encoders.hashing import HashingEncoder
from kb.forgotten import Forgotten, read_forgotten, write_forgotten
from kb.store import VersionStore
from server.cli.main import app
from tests.server import shop

pytestmark = pytest.mark.slow

QUESTION = "How long can I return a lamp?"


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The commands use stand-ins that need no weights, and the shop's data folder."""
    monkeypatch.setenv("CITEDESK_ENCODER", "hashing")
    monkeypatch.setenv("CITEDESK_READER", "words")
    monkeypatch.setenv("CITEDESK_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "220")


@pytest.fixture
def store(tmp_path: Path) -> VersionStore:
    """Two versions of the shop."""
    publish(tmp_path / "data", 0)
    publish(tmp_path / "data", 1)
    return VersionStore(tmp_path / "data")


def publish(data: Path, number: int) -> None:
    shop.publish(data, number, encoder=HashingEncoder(256))


def run(*arguments: object, answer: str | None = None) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=answer)


def last_line(*arguments: object) -> Any:
    result = run(*arguments, "--json")
    assert result.stdout, result.output
    return json.loads(result.stdout.splitlines()[-1])


def answer() -> bytes:
    """The whole answer but for the time it took."""
    body = last_line("ask", QUESTION, "--as-of", "2026-05-04")
    body.pop("timings", None)
    return json.dumps(body, sort_keys=True).encode()


def test_rollback_gives_the_same_answer_byte_by_byte(store: VersionStore) -> None:
    run("rollback", "1")
    before = answer()
    publish(store.data, 2)
    assert store.current_id() == "000003" and answer() != before
    got = last_line("rollback", "1", "--who", "Ada", "--why", "wrong prices")
    assert (got["current"], got["before"], got["held"], got["who"]) == ("000001", "000003", True, "Ada")
    assert answer() == before


def test_rollback_without_a_version_goes_to_the_parent_and_holds(store: VersionStore) -> None:
    result = run("rollback")
    assert result.exit_code == 0 and "Version 000001 is current; it was 000002 before" in result.stdout
    listed = last_line("versions")
    assert listed["current"] == "000001" and listed["hold"]["version"] == "000001"
    assert "is held since" in run("versions").stdout
    assert last_line("rollback", "--release") == {"current": "000001", "released": True, "held": False}
    assert last_line("versions")["hold"] is None
    assert last_line("rollback", "--release")["released"] is False
    for wrong, code in ((("rollback", "7"), 1), (("rollback",), 1), (("rollback", "1", "--release"), 2), (("rollback", "latest"), 1)):
        assert run(*wrong).exit_code == code, wrong


def test_a_spoilt_pointer_is_listed_and_mended(store: VersionStore) -> None:
    store.layout.current.write_text("latest\n")
    listing = run("versions")
    assert listing.exit_code == 0 and "000002" in listing.stdout
    assert "No version is current" in listing.stdout
    assert run("rollback").exit_code == 1
    assert run("rollback", "000002").exit_code == 0 and store.current_id() == "000002"
    store.layout.hold.write_text("{")
    listing = run("versions")
    assert listing.exit_code == 0 and "HOLD cannot be read" in listing.stdout and "--release" in listing.stdout
    assert run("rollback", "--release").exit_code == 0 and store.hold() is None


def test_check_finds_what_opening_does_not(store: VersionStore) -> None:
    assert "Version 000002 is sound" in run("check").stdout
    assert last_line("check", "1")["sound"] is True
    assert [one["version"] for one in last_line("check", "--all")["versions"]] == ["000002", "000001"]
    version = store.open_current()
    lost = store.objects.path(sorted(version.content_hashes())[0])
    version.close()
    lost.unlink()
    result = run("check", "--json")
    body = json.loads(result.stdout.splitlines()[-1])
    assert result.exit_code == 1 and not body["sound"] and str(lost) in body["problems"][0]
    (store.layout.versions / "000001" / "vectors.npy").write_bytes(b"")
    body = last_line("check", "--all")
    assert [one["sound"] for one in body["versions"]] == [False, False] and "vectors.npy" in body["versions"][1]["problems"][0]
    assert run("check", "1", "--all").exit_code == 2


def test_pruning(store: VersionStore) -> None:
    for number in (2, 3):
        publish(store.data, number)
    got = last_line("versions", "--prune", "--keep", "2")
    assert got["pruned"]["versions"] == ["000002", "000001"]
    assert [one["id"] for one in got["versions"]] == store.version_ids() == ["000004", "000003"]


def with_state(store: VersionStore) -> str:
    """Makes a key and golden questions; returns the key's id."""
    (store.data / "golden").mkdir()
    (store.data / "golden" / "shop.jsonl").write_text('{"question": "退货要多久？"}\n', encoding="utf-8")
    return str(last_line("keys", "create", "--name", "front")["id"])


@pytest.mark.parametrize("name", ["copy", "copy.tar"])
def test_backup_and_restore_into_an_empty_folder(store: VersionStore, tmp_path: Path, name: str) -> None:
    key = with_state(store)
    before = answer()
    made = last_line("backup", tmp_path / "backups" / name, "--who", "Ada")
    assert made["version"] == "000002"
    listed = last_line("backup", "--list")["backups"]
    assert [(one["path"], one["present"], one["who"]) for one in listed] == [(str(tmp_path / "backups" / name), True, "Ada")]
    shutil.rmtree(store.data)
    got = last_line("restore", tmp_path / "backups" / name)
    assert (got["version"], got["before"], got["held"], got["state"]) == ("000002", None, False, True)
    assert answer() == before
    assert [one["id"] for one in last_line("keys", "list")["keys"]] == [key]
    assert (store.data / "golden" / "shop.jsonl").read_text(encoding="utf-8").startswith('{"question": "退货')
    assert last_line("check")["sound"] is True


def test_restore_into_a_folder_in_use_is_a_new_version_and_held(store: VersionStore, tmp_path: Path) -> None:
    assert last_line("backup", tmp_path / "old.tar", "--version", "1")["version"] == "000001"
    key = with_state(store)
    got = last_line("restore", tmp_path / "old.tar", "--who", "Ada")
    assert (got["version"], got["backed_up"], got["before"], got["held"], got["state"]) == ("000003", "000001", "000002", True, False)
    assert store.manifest("000003").parent == "000002" and "backup of version 000001" in store.manifest("000003").why
    hold = store.hold()
    assert hold is not None and (hold.version, hold.who) == ("000003", "Ada")
    assert [one["id"] for one in last_line("keys", "list")["keys"]] == [key]


def test_backups_that_cannot_be_made_or_used_say_why(store: VersionStore, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "no.tar").write_bytes(b"x" * 2000)
    for wrong, code, words in (
        (("backup",), 2, "Say where"),
        (("backup", tmp_path / "there"), 1, "exists already"),
        (("backup", store.data / "b.tar"), 1, "in the data folder"),
        (("backup", tmp_path / "b.tar", "--version", "9"), 1, "not kept"),
        (("restore", tmp_path / "there"), 1, "no backup"),
        (("restore", tmp_path / "no.tar"), 1, "no backup"),
    ):
        result = run(*wrong)
        assert result.exit_code == code and words in result.stderr, result.output
    assert store.current_id() == "000002" and list(store.layout.staging.iterdir()) == []


def test_forget_and_the_proof(store: VersionStore, tmp_path: Path) -> None:
    name = f"{shop.SOURCE}/internal/agents.md"
    key = document_id(shop.SOURCE, "internal/agents.md")
    run("backup", tmp_path / "a.tar")
    held = run("check", "--deleted", name, "--json")
    assert held.exit_code == 1 and json.loads(held.stdout.splitlines()[-1])["traces"] == ["Version 000002 holds the document."]
    assert run("forget", name).exit_code == 2
    assert run("forget", name, "--why", "a request", answer="n\n").exit_code == 1
    assert run("check", "--deleted", key).exit_code == 1
    got = last_line("forget", name, "--why", "a request", "--yes")
    assert got["documents"] == [key] and got["rewritten"] == ["000001", "000002"]
    assert got["backups"] == [str(tmp_path / "a.tar")]
    proof = last_line("check", "--deleted", name)
    assert proof["deleted"] and proof["kept"]["versions"] == proof["kept"]["originals"] == []
    assert proof["kept"]["backups"] == [str(tmp_path / "a.tar")]
    assert last_line("check", "--all")["sound"] is True
    assert last_line("versions")["versions"][0]["forgotten"] == 1
    (tmp_path / "a.tar").rename(tmp_path / "b.tar")
    assert last_line("check", "--deleted", key)["kept"]["backups out of reach"] == [str(tmp_path / "a.tar")]
    assert run("forget", name, "--why", "again", "--yes").exit_code == 1
    restored = last_line("restore", tmp_path / "b.tar")
    assert restored["forgotten"] == 1 and last_line("check", "--deleted", key)["deleted"] is True
    assert last_line("forget", key, "--remember") == {"remembered": 1}
    assert last_line("forget", key, "--remember") == {"remembered": 0}


def test_a_slip_of_the_pen_proves_no_deletion(store: VersionStore) -> None:
    for command in (("check", "--deleted"), ("forget", "--why", "x", "--yes"), ("forget", "--remember")):
        wrong = run(*command, "agents.md")
        assert wrong.exit_code == 2 and "names no document" in wrong.stderr, wrong.output
    nobody = run("check", "--deleted", f"{shop.SOURCE}/agent.md")
    assert nobody.exit_code == 0 and "Check the spelling" in nobody.stdout and f"(here: {shop.SOURCE})" in nobody.stdout
    assert last_line("check", "--deleted", f"{shop.SOURCE}/agent.md")["recorded"] is False
    asked = run("forget", f"{shop.SOURCE}/agent.md", "--why", "x")
    assert asked.exit_code == 1 and "No kept version holds" in asked.stderr and "To be forgotten" not in asked.stdout
    assert f"its source, one of: {shop.SOURCE}." in asked.stderr


def test_the_proof_of_what_was_forgotten_says_when_and_what_to_do_with_backups(store: VersionStore, tmp_path: Path) -> None:
    name = f"{shop.SOURCE}/internal/agents.md"
    run("backup", tmp_path / "a")
    run("forget", name, "--why", "a request", "--who", "Ada", "--yes")
    said = run("check", "--deleted", name).stdout
    assert "It was forgotten on" in said and "by Ada (a request)" in said and "its id was looked for" in said
    assert f"Still held by backups: {tmp_path / 'a'}. Remove them, or make them anew." in said and "Check the spelling" not in said


def test_what_was_not_tested_is_not_said_to_have_passed(store: VersionStore, monkeypatch: pytest.MonkeyPatch) -> None:
    results = [GateResult(True, "", {"exam": exam}) for exam in ("golden", "none")]
    tested = [replace(one, gate=result.to_json()) for one, result in zip(store.versions(), results, strict=True)]
    monkeypatch.setattr(VersionStore, "versions", lambda _store: tested)
    newest, oldest = [line for line in run("versions").stdout.splitlines() if "00000" in line]
    assert "passed" in newest and "untested" in oldest and "passed" not in oldest


def test_what_has_nothing_to_say_says_so(store: VersionStore, tmp_path: Path) -> None:
    assert "is current, as it was." in run("rollback", 2).stdout
    nothing = run("versions", "--data", tmp_path / "new").stdout
    assert "No version is current. Publish one with `citedesk ingest`.\n" in nothing
    assert "No version is current in" in run("rollback", "--data", tmp_path / "new").stderr


def test_the_proof_looks_at_the_current_version_only_and_lists_the_others(store: VersionStore, monkeypatch: pytest.MonkeyPatch) -> None:
    fewer = [item for item in shop.items(2) if item.path != "zh.txt"]
    monkeypatch.setattr("tests.server.shop.items", lambda _number: fewer)
    publish(store.data, 2)
    proof = last_line("check", "--deleted", f"{shop.SOURCE}/zh.txt")
    assert proof["deleted"] and proof["known"] and proof["kept"]["versions"] == ["000002", "000001"]
    assert len(proof["kept"]["originals"]) == 1


@pytest.mark.parametrize("damaged", [False, True])
def test_a_rollback_finishes_a_forgetting_that_was_cut_short(store: VersionStore, damaged: bool) -> None:
    """Or what is gone back to would show what was to be forgotten. A damaged current version does not stop it: going back mends that."""
    key = document_id(shop.SOURCE, "returns.md")
    with store.writer():
        write_forgotten(store.layout, [Forgotten(key, None, "2026-05-04T00:00:00+00:00", "Ada", "a request", False)])
    if damaged:
        (store.layout.versions / "000002" / "vectors.npy").write_bytes(b"")
    assert last_line("rollback", "1")["current"] == "000001"
    current = store.open_current()
    assert not current.has_document(key) and current.path.name == "000001.1"
    current.close()
    assert store.is_empty("000002") == damaged
    assert [entry.done for entry in read_forgotten(store.layout)] == [True]
