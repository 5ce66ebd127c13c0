"""``/v1/ingest``: who may start a run, of what, and how it is watched."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from server.errors import RequestError
from server.runs.child_process import command
from server.runs.handed_over import take_over
from server.runs.roots import resolve_below
from server.runs.run_lock import RunLock, is_held
from server.state.run import RunEnding, RunRequest, RunSource
from server.state.runs import new_run_id
from tests.processes import eventually
from tests.server.conftest import Running, Start
from tests.server.receiver import receiving
from tests.server.test_errors import check_shape
from tests.source import ROOT

pytestmark = pytest.mark.slow  # runs in processes of their own: not for the quick stage

PATH = "/v1/ingest"


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "docs" / "店铺"
    folder.mkdir(parents=True)
    (folder / "退货.md").write_text("# 退货政策\n\n您可以在三十天内退货。\n", encoding="utf-8")
    return folder


@pytest.fixture
def allowed(documents: Path, empty_data: Path, start: Start) -> Running:
    return start(empty_data, ingest_roots=(documents.parent,))


def body(path: Path, **more: Any) -> dict[str, Any]:
    return {"sources": [{"path": str(path)}]} | more


def test_the_routes_are_listed(shared: Running) -> None:
    with shared.http() as http:
        assert {PATH, f"{PATH}/{{run_id}}"} <= set(http.get("/").json()["routes"])


def test_only_keys_with_the_scope_may(shared: Running) -> None:
    with shared.http() as http:  # the public key has every scope but this
        for method, path in (("POST", PATH), ("GET", PATH), ("GET", f"{PATH}/x")):
            check_shape(http.request(method, path, json=body(Path("/x")) if method == "POST" else None), 403, "insufficient_scope")
    with httpx.Client(base_url=shared.url) as http:
        check_shape(http.get(PATH), 401, "invalid_api_key")


def test_a_public_key_sees_how_runs_stand_and_no_text(allowed: Running, documents: Path) -> None:
    """Reports and reasons quote documents of every audience."""
    secret = allowed.services.keys.create_key("nightly", "public", ("ingest",)).secret
    run = allowed.services.runs.begin(new_run_id(), RunRequest((RunSource("zebra", "/zebra"),), "zebra", "zebra"), "cli", None)
    ending = RunEnding("refused", 4, None, {"added": 1}, {"broken": ["zebra"]}, {"zebra": 1}, ("zebra",), "zebra")
    allowed.services.runs.end(run.id, ending, {"flagged": ["zebra"]})
    with httpx.Client(base_url=allowed.url, headers={"Authorization": f"Bearer {secret}"}) as http:
        shown = [http.get(PATH), http.get(f"{PATH}/{run.id}")]
    assert all(answer.status_code == 200 and "zebra" not in answer.text for answer in shown)
    assert (shown[1].json()["outcome"], shown[1].json()["counts"]) == ("refused", {"added": 1})
    with allowed.http(internal=True) as http:
        assert http.get(f"{PATH}/{run.id}").json()["report"] == {"flagged": ["zebra"]}


def test_without_roots_it_is_off(shared: Running) -> None:
    with shared.http(internal=True) as http:
        error = check_shape(http.post(PATH, json=body(Path("/"))), 403, "ingest_disabled")
        assert "CITEDESK_INGEST_ROOTS" in error["message"]
        assert http.get(PATH).json() == {"object": "list", "data": [], "total": 0, "has_more": False, "next_offset": None}
        check_shape(http.get(f"{PATH}/none"), 404, "not_found")


@pytest.mark.parametrize(
    ("change", "code", "param"),
    [
        ({"sources": []}, "invalid_value", "sources"),
        ({"sources": [{}]}, "missing_field", "sources[0].path"),
        ({"sources": [{"path": "docs"}]}, "invalid_value", "sources[0].path"),
        ({"sources": [{"path": "HERE", "name": "a/b"}]}, "invalid_value", "sources[0].name"),
        ({"sources": [{"path": "HERE", "name": "a\nb"}]}, "invalid_value", "sources[0].name"),
        ({"sources": [{"path": "HERE"}, {"path": "HERE"}]}, "invalid_value", "sources[1].name"),
        ({"sources": [{"path": "HERE/missing"}]}, "invalid_value", "sources[0].path"),
        ({"sources": [{"path": "HERE", "url": "x"}]}, "unknown_field", "sources[0].url"),
        ({"force": ""}, "invalid_value", "force"),
        ({"confirm_loss": "店铺"}, "invalid_value", "confirm_loss"),
        ({"who": "somebody else"}, "unknown_field", "who"),
    ],
)
def test_wrong_fields(allowed: Running, documents: Path, change: dict[str, Any], code: str, param: str) -> None:
    filled = [
        {name: value.replace("HERE", str(documents)) for name, value in source.items()} for source in change.get("sources", [])
    ]
    wanted = body(documents) | change | ({"sources": filled} if "sources" in change else {})
    with allowed.http(internal=True) as http:
        check_shape(http.post(PATH, json=wanted), 400, code, param)
        assert http.get(PATH).json()["total"] == 0


def test_only_what_lies_below_the_roots_may_be_read(tmp_path: Path, documents: Path) -> None:
    root, outside = documents.parent, tmp_path / "docs-private"
    outside.mkdir()
    (outside / "secret.md").write_text("secret")
    (root / "link").symlink_to(outside)
    (root / "loop").symlink_to(root / "loop")
    (root / "inside").symlink_to(documents)
    (tmp_path / "way-in").symlink_to(documents)
    refused = [
        outside, outside / "secret.md", root / "link", root / "link" / "secret.md", root / ".." / "docs-private", tmp_path, Path("/"),
        root / "loop", root / "a\0b", documents / ".." / ".." / "missing", Path("/proc/self/root"),
    ]  # fmt: skip
    for path in refused:
        with pytest.raises(RequestError) as caught:
            resolve_below(str(path), (root,), "sources[0].path")
        assert (caught.value.status, caught.value.code) == (403, "path_not_allowed"), path
        assert str(path) not in str(caught.value)
    for path in (root, documents, documents / "退货.md", root / "inside", tmp_path / "way-in"):
        assert resolve_below(str(path), (root,), "p") == path.resolve()
    alias = tmp_path / "alias"
    alias.symlink_to(root)
    assert resolve_below(str(documents), (Path("/nowhere"), alias), "p") == documents  # a root may be a link itself


def fake_child(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    monkeypatch.setattr("server.runs.child_process.command", lambda _data, _run: [sys.executable, "-c", program])


def until_ended(http: httpx.Client, run: str) -> Any:
    assert eventually(lambda: http.get(f"{PATH}/{run}").json()["state"] != "running", 60)
    return http.get(f"{PATH}/{run}").json()


def test_one_run_at_a_time(allowed: Running, documents: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    go_on = tmp_path / "go-on"
    fake_child(monkeypatch, f"import os, time\nwhile not os.path.exists({str(go_on)!r}): time.sleep(0.02)\nraise SystemExit('last words')")
    with allowed.http(internal=True) as http:
        began = http.post(PATH, json=body(documents, why="每晚", confirm_loss=["店铺"], force="the gate is wrong"))
        assert began.status_code == 202, began.text
        run = began.json()
        assert began.headers["location"] == f"{PATH}/{run['id']}"
        assert (run["state"], run["trigger"], run["why"]) == ("running", "http", "每晚")
        assert (run["force"], run["confirm_loss"]) == ("the gate is wrong", ["店铺"])
        assert run["sources"] == [{"name": "店铺", "path": str(documents)}] and run["who"].startswith("internal (key ")
        error = check_shape(http.post(PATH, json=body(documents)), 409, "ingest_running")
        assert run["id"] in error["message"]
        allowed.services.runs.advance(run["id"], "embed", 64, 200)
        going = http.get(f"{PATH}/{run['id']}").json()
        assert (going["state"], going["phase"], going["report"]) == ("running", "embed", None)
        assert going["progress"] == {"done": 64, "total": 200}
        go_on.touch()
        ended = until_ended(http, run["id"])
        assert (ended["outcome"], ended["exit_code"]) in [("failed", 1), ("died", None)]  # whoever looked first
        assert eventually(lambda: not list((allowed.services.settings.data / "runs").glob("2*")))
        listed = http.get(PATH).json()
        assert (listed["total"], listed["data"][0]["id"], "report" in listed["data"][0]) == (1, run["id"], False)


def test_of_many_at_once_one_is_started(allowed: Running, documents: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    go_on = tmp_path / "go-on"
    fake_child(monkeypatch, f"import os, time\nwhile not os.path.exists({str(go_on)!r}): time.sleep(0.02)")
    with allowed.http(internal=True) as http, ThreadPoolExecutor(8) as pool:
        got = [one.status_code for one in pool.map(lambda _: http.post(PATH, json=body(documents)), range(8))]
        assert sorted(got) == [202] + [409] * 7
        assert http.get(PATH).json()["total"] == 1
        go_on.touch()
        assert eventually(lambda: not list((allowed.services.settings.data / "runs").glob("2*")))


@pytest.mark.slow  # starts a process that starts one
def test_a_run_goes_on_when_its_server_is_gone(empty_data: Path, tmp_path: Path) -> None:
    go_on = tmp_path / "go-on"
    waits = f"import os, time\nwhile not os.path.exists({str(go_on)!r}): time.sleep(0.02)"
    program = f"""
import sys
from pathlib import Path
import server.runs.child_process
from server.runs.start import start_run
from server.settings import Settings
from server.state.database import StateDatabase
from server.state.run import RunRequest
from server.state.runs import RunStore
server.runs.child_process.command = lambda data, run: [sys.executable, "-c", {waits!r}]
data = Path({str(empty_data)!r})
print(start_run(RunRequest(()), Settings(data=data), RunStore(StateDatabase.open(data))).id)
"""
    got = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    run = got.stdout.strip()
    assert is_held(empty_data, run)
    go_on.touch()
    assert eventually(lambda: not is_held(empty_data, run))


def test_a_child_that_is_killed_ends_its_row_and_is_told(
    documents: Path, empty_data: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_child(monkeypatch, "import os, sys; sys.stderr.write('内存不足'); sys.stderr.flush(); os.kill(os.getpid(), 9)")
    with receiving() as receiver:
        server = start(empty_data, ingest_roots=(documents.parent,), webhook_url=SecretStr(receiver.url))
        with server.http(internal=True) as http:
            run = http.post(PATH, json=body(documents)).json()["id"]
            runs = server.services.runs  # the record itself: a look over HTTP could be first to notice, and knows no last words
            assert eventually(lambda: runs.unfinished() == [] and len(receiver.bodies) == 1, 20)
            ended = http.get(f"{PATH}/{run}").json()
    assert [(message["run"], message["outcome"]) for message in receiver.messages] == [(run, "died")]
    assert (ended["state"], ended["outcome"]) == ("died", "died")
    assert "signal 9" in ended["problem"] and "内存不足" in ended["problem"]


def test_a_process_that_cannot_be_started_is_told(allowed: Running, documents: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.runs.child_process.command", lambda _data, _run: ["/nowhere/python"])
    with allowed.http(internal=True) as http:
        assert http.post(PATH, json=body(documents)).status_code == 500
        (run,) = http.get(PATH).json()["data"]
        assert run["outcome"] == "failed" and "could not be started" in run["problem"]


def test_a_run_from_the_command_line_is_in_the_way_too(allowed: Running, documents: Path) -> None:
    runs, data = allowed.services.runs, allowed.services.settings.data
    identifier = new_run_id()
    lock = RunLock.take(data, identifier)
    runs.begin(identifier, RunRequest(()), "cli", None)
    with allowed.http(internal=True) as http:
        assert identifier in check_shape(http.post(PATH, json=body(documents)), 409, "ingest_running")["message"]
        lock.release()


def test_lists_come_in_pages(allowed: Running) -> None:
    runs = allowed.services.runs
    made = [runs.begin(f"{new_run_id()}-{number}", RunRequest(()), "cli", None).id for number in range(3)]
    for identifier in made:
        runs.end(identifier, RunEnding("published", 0))
    with allowed.http(internal=True) as http:
        first = http.get(f"{PATH}?limit=2").json()
        assert ([run["id"] for run in first["data"]], first["has_more"], first["next_offset"]) == (made[:0:-1], True, 2)
        last = http.get(f"{PATH}?limit=2&offset=2").json()
        assert ([run["id"] for run in last["data"]], last["has_more"], last["total"]) == (made[:1], False, 3)
        check_shape(http.get(f"{PATH}?limit=0"), 400, "invalid_value", "limit")


def test_a_link_turned_after_the_request_is_noticed(allowed: Running, documents: Path, tmp_path: Path) -> None:
    runs, settings = allowed.services.runs, allowed.services.settings
    run = runs.begin(new_run_id(), RunRequest((RunSource("店铺", str(documents)),)), "http", None)
    assert take_over(settings, run.id).sources[0].name == "店铺"
    documents.rename(documents.with_name("old"))
    documents.symlink_to(tmp_path)
    with pytest.raises(RequestError, match="not below"):
        take_over(settings, run.id)


def test_the_command_names_the_run_and_an_absolute_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert command(Path("data"), "x")[-6:] == ["ingest", "--run", "x", "--data", str(tmp_path / "data"), "--json"]


@pytest.mark.slow  # starts the real command
def test_a_real_run_publishes(allowed: Running, documents: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEDESK_ENCODER", "hashing")
    monkeypatch.setenv("CITEDESK_READER", "words")
    monkeypatch.setenv("CITEDESK_INGEST_ROOTS", f'["{documents.parent}"]')
    with allowed.http(internal=True) as http:
        run = http.post(PATH, json={"sources": [{"path": str(documents), "name": "政策"}], "why": "每晚"}).json()["id"]
        ended = until_ended(http, run)
        assert (ended["outcome"], ended["exit_code"], ended["version_after"]) == ("published", 0, "000001"), ended
        (file,) = ended["report"]["files"]
        assert (file["source"], file["path"], file["state"], file["passages"]) == ("政策", "退货.md", "ingested", 1)
        manifest = allowed.services.store.manifest("000001")
        assert manifest.who.startswith("internal (key ") and manifest.why == "每晚"
        assert eventually(lambda: not list((allowed.services.settings.data / "runs").glob("2*")))


