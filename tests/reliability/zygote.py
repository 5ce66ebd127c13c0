"""A process with everything imported that forks a stopped child for each line it reads: what `strace` can be put on in a moment.

Reads ``ACT DATA WHAT`` (tab-separated), answers with the child's number, and once it has ended with its status as `os.waitpid` gives it.
"""

import os
import signal
import sys
from pathlib import Path

import ingest.run
from kb.errors import CitedeskError
from tests.reliability import victim, warmed  # noqa: F401 - imported for what it loads

REFUSED = 3
"""The exit code of a child whose act ended with an error that says what is wrong."""


def main() -> None:
    """Serves until its input ends."""
    setattr(ingest.run, "ParserPool", victim.InProcessPool)  # noqa: B010 - this process does nothing else
    for line in sys.stdin:
        act, data, what = line.rstrip("\n").split("\t")
        child = os.fork()
        if child == 0:
            os._exit(perform(act, Path(data), what))
        os.waitpid(child, os.WUNTRACED)
        _say(child)
        _say(os.waitpid(child, 0)[1])


def _say(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def perform(act: str, data: Path, what: str) -> int:
    """Stops until somebody continues this process, then performs the act. The exit code."""
    os.kill(os.getpid(), signal.SIGSTOP)
    try:
        getattr(victim, act)(data, what)
    except CitedeskError as error:
        sys.stderr.write(f"{error}\n")
        sys.stderr.flush()
        return REFUSED
    return 0


if __name__ == "__main__":
    main()
