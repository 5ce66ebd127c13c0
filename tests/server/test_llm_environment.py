"""vLLM's environment and its model, with a small package index on disk in the place of the real one."""

import json
import subprocess
import threading
import time
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from server.llm import environment as module
from server.llm.environment import (
    ALSO,
    CPU,
    GPU,
    MARKER,
    Build,
    VllmEnvironment,
    environment_folder,
    find_environment,
    prepare_environment,
    read_pins,
)
from server.llm.errors import LlmServerError
from server.llm.listed_model import listed_model
from server.llm.served_model import resolve_model
from server.llm.vllm_program import vllm_program

PACKAGES = {"stand-in-server": "1.0", "stand-in-torch": "2.0", "unwanted": "3.0", **dict.fromkeys(ALSO, "4.0")}


def wheel(folder: Path, name: str, version: str, needs: tuple[str, ...] = ()) -> None:
    """A real wheel with one empty module."""
    module_name = name.replace("-", "_")
    info = f"{module_name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n" + "".join(f"Requires-Dist: {need}\n" for need in needs)
    files = {
        f"{module_name}.py": "",
        f"{info}/METADATA": metadata,
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(folder / f"{module_name}-{version}-py3-none-any.whl", "w") as archive:
        for path, text in {**files, f"{info}/RECORD": record}.items():
            archive.writestr(path, text)


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Build:
    """A build of nothing much, from an index in a folder; it stands where the one for machines without a GPU does."""
    index = tmp_path / "index"
    index.mkdir()
    for name, version in PACKAGES.items():
        build_tag = "+cpu" if name == "stand-in-torch" else ""
        wheel(index, name, version + build_tag, ("unwanted",) if name == "stand-in-server" else ())
        wheel(index, name, "9.0")  # newer, and not pinned
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(index))
    (tmp_path / "pins.txt").write_text("# pins\n" + "".join(f"{name}=={version}\n" for name, version in PACKAGES.items()))
    monkeypatch.setattr(module, "CONSTRAINTS", tmp_path)
    made = Build("stand-in-server", "pins.txt", "1 MB", "a moment", "stand-in-torch", "+cpu", ("unwanted",))
    monkeypatch.setattr(module, "CPU", made)
    return made


def installed(environment: VllmEnvironment) -> dict[str, str]:
    listed = subprocess.run([environment.python, "-m", "pip", "list", "--format=json"], capture_output=True, check=True).stdout
    return {one["name"]: one["version"] for one in json.loads(listed)}


@pytest.mark.slow
def test_it_holds_the_pinned_versions_and_nothing_unwanted(build: Build, tmp_path: Path) -> None:
    said: list[str] = []
    made = prepare_environment(tmp_path / "cache", said.append, gpu=False)
    held = installed(made)
    assert {name: held.get(name) for name in PACKAGES} == {**PACKAGES, "stand-in-torch": "2.0+cpu", "unwanted": None}
    assert json.loads((made.folder / MARKER).read_text()) == {"package": "stand-in-server", "version": "1.0"}
    assert "once" in said[0] and str(made.folder) in said[0]
    said.clear()
    assert prepare_environment(tmp_path / "cache", said.append, gpu=False) == made
    assert said == []


@pytest.mark.slow
def test_what_a_killed_installation_left_is_made_anew(build: Build, tmp_path: Path) -> None:
    folder = environment_folder(tmp_path, build)
    folder.mkdir(parents=True)
    (folder / "half").touch()
    assert find_environment(tmp_path, gpu=False) is None
    made = prepare_environment(tmp_path, gpu=False)
    assert made.folder == folder
    assert not (folder / "half").exists()
    assert find_environment(tmp_path, gpu=False) == made


def test_other_pins_are_another_environment(build: Build, tmp_path: Path) -> None:
    before = environment_folder(tmp_path, build)
    build.pins.write_text(build.pins.read_text() + "further==1.0\n")
    assert environment_folder(tmp_path, build) != before


@pytest.mark.slow
def test_a_failed_installation_names_the_reason_and_the_log(build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "nothing"))
    with pytest.raises(LlmServerError, match="(Cannot install|Could not find) .*stand-in-torch") as caught:
        prepare_environment(tmp_path, gpu=False)
    log = environment_folder(tmp_path, build).with_name(f"{environment_folder(tmp_path, build).name}.log")
    assert str(log) in str(caught.value)
    assert "stand-in-torch" in log.read_text()
    assert find_environment(tmp_path, gpu=False) is None


@pytest.mark.slow
def test_an_index_without_the_build_for_cpus_is_told_at_once(build: Build, tmp_path: Path) -> None:
    index = tmp_path / "index"
    (index / "stand_in_torch-2.0+cpu-py3-none-any.whl").unlink()
    wheel(index, "stand-in-torch", "2.0")
    said: list[str] = []
    with pytest.raises(LlmServerError, match=r"stand-in-torch==2\.0\+cpu.*PIP_EXTRA_INDEX_URL.*--llm-url"):
        prepare_environment(tmp_path, said.append, gpu=False)
    assert said[-1] == "installing stand-in-torch==2.0+cpu"


@pytest.mark.slow
def test_two_processes_do_not_install_at_once(build: Build, tmp_path: Path) -> None:
    said: list[str] = []
    threads = [threading.Thread(target=prepare_environment, args=(tmp_path, said.append, False)) for _ in range(2)]
    for thread in threads:
        thread.start()
        time.sleep(0.1)
    for thread in threads:
        thread.join()
    assert sum("installing stand-in-server 1.0 into" in text for text in said) == 1
    assert sum("waiting for another process" in text for text in said) == 1


@pytest.mark.parametrize("real", [CPU, GPU])
def test_the_real_pins_name_what_is_installed(real: Build) -> None:
    pins = read_pins(real.pins)
    assert {real.package, *ALSO, *([real.first] if real.first else [])} <= pins.keys()
    assert not set(real.unwanted) & pins.keys()
    assert all(version and "+" not in version for version in pins.values())


def test_both_builds_convert_with_the_same_versions() -> None:
    cpu, gpu = read_pins(CPU.pins), read_pins(GPU.pins)
    assert {name: cpu[name] for name in ALSO} == {name: gpu[name] for name in ALSO}


def test_a_folder_and_a_hubs_name_are_told_apart(tmp_path: Path) -> None:
    environment = VllmEnvironment(tmp_path, gpu=False)
    (tmp_path / "my-model").mkdir()
    assert resolve_model(str(tmp_path / "my-model"), tmp_path, environment).name == "my-model"
    named = resolve_model("Qwen/Qwen2.5-7B-Instruct", tmp_path, environment)
    assert (named.name, named.local) == ("Qwen/Qwen2.5-7B-Instruct", False)
    for wrong in ("nothing", "./nothing", str(tmp_path / "nothing")):
        with pytest.raises(LlmServerError, match="no folder"):
            resolve_model(wrong, tmp_path, environment)


def test_the_hub_is_closed_for_models_on_disk_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_HUB_OFFLINE")
    (tmp_path / "my-model").mkdir()
    on_gpu, on_cpu = VllmEnvironment(tmp_path, gpu=True), VllmEnvironment(tmp_path, gpu=False)
    local = vllm_program(on_cpu, resolve_model(str(tmp_path / "my-model"), tmp_path, on_cpu), 8100, tmp_path / "vllm.log")
    remote = vllm_program(on_gpu, resolve_model("owner/model", tmp_path, on_gpu), 8100, tmp_path / "vllm.log")
    assert local.environment["HF_HUB_OFFLINE"] == "1" and "HF_HUB_OFFLINE" not in remote.environment
    assert "float32" in local.command and "--dtype" not in remote.command
    assert local.command[local.command.index("--host") + 1] == "127.0.0.1"


class Listing(BaseHTTPRequestHandler):
    """A server with one model, for those who have the key."""

    def do_GET(self) -> None:
        allowed = self.headers["Authorization"] == "Bearer right"
        body = json.dumps({"data": [{"id": "the-model"}]} if allowed else {"error": "no"}).encode()
        self.send_response(200 if allowed else 401)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as in the base class
        """Nothing."""


def test_a_server_elsewhere_is_asked_for_its_model(free_port: int) -> None:
    url = f"http://127.0.0.1:{free_port}/v1"
    with pytest.raises(LlmServerError, match=f"{url}.*--llm"):
        listed_model(url)
    with HTTPServer(("127.0.0.1", free_port), Listing) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            assert listed_model(url, "right") == "the-model"
            with pytest.raises(LlmServerError, match="401"):
                listed_model(url, "wrong")
        finally:
            server.shutdown()
            thread.join()
