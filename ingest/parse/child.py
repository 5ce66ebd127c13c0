"""The parser process: reads files from its standard input, answers on its standard output, and may be killed at any time."""

import logging
import os
import resource
import sys
import warnings
from dataclasses import dataclass
from typing import BinaryIO

import orjson

from ingest.parse.allowance import allowance
from ingest.parse.draft import FileInput, Parsed
from ingest.parse.formats import parse_file
from ingest.parse.limits import MEBIBYTE, MORE_MEMORY, Limits
from ingest.parse.scan import ScanError
from ingest.parse.wire import READY, pack_parsed, read_message, unpack_request, write_message
from kb.errors import ParseError


def main(memory: int) -> None:
    """Parses files until the parent closes the pipe or one file used up the memory."""
    requests, answers = sys.stdin.buffer, _take_standard_output()
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    child = _Child(answers, _limit_process())
    child.limit_memory(memory)
    write_message(answers, READY)
    while (head := read_message(requests)) is not None:
        content = read_message(requests)
        if content is None or not child.answer(*unpack_request(head, content)):
            return


@dataclass(frozen=True, slots=True)
class _Child:
    """Answers requests. ``unused`` is the address space in bytes that was mapped at the start without being resident."""

    answers: BinaryIO
    unused: int

    def answer(self, file: FileInput, limits: Limits) -> bool:
        """Parses one file and sends the outcome. False if the process should not go on."""
        self.limit_memory(limits.memory)
        _limit_cpu(limits.cpu_seconds)
        try:
            payload = pack_parsed(self._parse(file, limits))
        except ParseError as error:
            write_message(self.answers, orjson.dumps({"reason": str(error), "scan": isinstance(error, ScanError)}))
        except MemoryError:
            reason = f"used more than {limits.memory // MEBIBYTE} MiB of memory; {MORE_MEMORY}"
            write_message(self.answers, orjson.dumps({"reason": reason, "last": True}))
            return False
        else:
            write_message(self.answers, payload)
        return True

    def limit_memory(self, memory: int) -> None:
        """Bounds what this process may hold to ``memory`` bytes.

        The kernel bounds address space only. It may grow by what is left of ``memory`` above what was resident at the start,
        so that the process stays within ``memory`` whatever it maps.
        """
        resource.setrlimit(resource.RLIMIT_AS, (self.unused + memory, resource.RLIM_INFINITY))

    def _parse(self, file: FileInput, limits: Limits) -> Parsed:
        """The documents in ``file``; tells the parent first if it may take longer than others."""
        try:
            allowed = allowance(file, limits)
            if allowed.wall_seconds > limits.wall_seconds:
                write_message(self.answers, orjson.dumps({"wall_seconds": allowed.wall_seconds}))
                self.limit_memory(allowed.memory)
                _limit_cpu(allowed.cpu_seconds)
            return parse_file(file, limits)
        except (ParseError, MemoryError):
            raise
        except Exception as error:  # the parsers of other people's formats may raise anything; the file is lost, not the run
            text = " ".join(f"{type(error).__name__}: {error}".split())[:200].rstrip(": ")
            raise ParseError(f"the parser gave up ({text}); the file may be damaged") from error


def _take_standard_output() -> BinaryIO:
    """The pipe to the parent, out of reach of libraries that print.

    What they print is dropped: standard error may be a file, and this process must not write any.
    """
    private = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.dup2(nowhere, sys.stderr.fileno())
    os.close(nowhere)
    return private


def _limit_process() -> int:
    """Forbids core dumps and files. Returns how many bytes of address space are mapped now and not resident."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    with open("/proc/self/statm", encoding="ascii") as statm:
        mapped, resident = (int(pages) * resource.getpagesize() for pages in statm.read().split()[:2])
    return mapped - resident


def _limit_cpu(seconds: int) -> None:
    """Lets this process use ``seconds`` more of processor time; then the kernel ends it."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime)
    resource.setrlimit(resource.RLIMIT_CPU, (used + seconds + 1, resource.RLIM_INFINITY))
