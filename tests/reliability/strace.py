"""One act under `strace`, with a fault put into its n-th system call of a kind."""

import os
import re
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.source import ROOT

SYSTEM_CALLS = ("write", "pwrite64", "fsync", "fdatasync", "rename", "unlink", "unlinkat", "rmdir", "mkdir")
FAULTS = ("signal=SIGKILL", "error=EIO", "error=ENOSPC")


@dataclass(frozen=True)
class Ended:
    """How a child ended: the status of `os.waitpid`, and the system calls it made."""

    status: int
    calls: Counter[str]

    @property
    def was_killed(self) -> bool:
        return os.WIFSIGNALED(self.status) and os.WTERMSIG(self.status) == signal.SIGKILL

    @property
    def exit_code(self) -> int | None:
        return os.WEXITSTATUS(self.status) if os.WIFEXITED(self.status) else None


class Zygote:
    """Runs acts in forked children. A context manager. ``log`` collects what `strace` and the children say."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._errors = log.with_suffix(".stderr").open("wb")
        command = [sys.executable, "-m", "tests.reliability.zygote"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors, text=True, cwd=ROOT)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()
        self._errors.close()

    @property
    def said(self) -> str:
        """What the children wrote to standard error so far."""
        return self._log.with_suffix(".stderr").read_text()

    def perform(self, act: str, data: Path, what: str, inject: str | None = None) -> Ended:
        """Performs ``act`` on ``what`` with the fault ``inject``, as `strace -e inject=` takes it."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(f"{act}\t{data}\t{what}\n")
        self._process.stdin.flush()
        child = int(self._process.stdout.readline())
        options = [] if inject is None else ["-e", f"inject={inject}"]
        trace = ["strace", "-qq", "-o", str(self._log), "-e", f"trace={','.join(SYSTEM_CALLS)}", *options, "-p", str(child)]
        with subprocess.Popen(trace, stderr=subprocess.PIPE, text=True) as tracer:
            _wait_until_traced(child, tracer)
            os.kill(child, signal.SIGCONT)
            status = int(self._process.stdout.readline())
            tracer.wait(20)
        return Ended(status, Counter(re.findall(r"^(\w+)\(", self._log.read_text(errors="replace"), re.MULTILINE)))


def _wait_until_traced(child: int, tracer: "subprocess.Popen[str]") -> None:
    while "TracerPid:\t0\n" in Path(f"/proc/{child}/status").read_text():
        assert tracer.poll() is None, tracer.stderr.read() if tracer.stderr else ""
