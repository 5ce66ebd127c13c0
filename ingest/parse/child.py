"""The parser process: reads files from its standard input, answers on its standard output, and may be killed at any time."""

import logging
import os
import resource
import sys
import warnings
from typing import BinaryIO

import orjson

from ingest.parse.draft import FileInput, Parsed
from ingest.parse.formats import parse_file
from ingest.parse.limits import Limits
from ingest.parse.scan import ScanError
from ingest.parse.wire import READY, pack_parsed, read_message, unpack_request, write_message
from kb.errors import ParseError


def main(memory: int) -> None:
    """Parses files until the parent closes the pipe or one file used up the memory."""
    requests, answers = sys.stdin.buffer, _take_standard_output()
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    _limit_process(memory)
    write_message(answers, READY)
    while (head := read_message(requests)) is not None:
        content = read_message(requests)
        if content is None:
            return
        file, limits = unpack_request(head, content)
        _limit_cpu(limits.cpu_seconds)
        if not _answer(file, limits, answers):
            return


def _answer(file: FileInput, limits: Limits, answers: BinaryIO) -> bool:
    """Parses one file and sends the outcome. False if the process should not go on."""
    try:
        payload = pack_parsed(_parse(file, limits))
    except ParseError as error:
        write_message(answers, orjson.dumps({"reason": str(error), "scan": isinstance(error, ScanError)}))
    except MemoryError:
        write_message(answers, orjson.dumps({"reason": f"used more than {limits.memory >> 20} MiB of memory", "last": True}))
        return False
    else:
        write_message(answers, payload)
    return True


def _parse(file: FileInput, limits: Limits) -> Parsed:
    try:
        return parse_file(file, limits)
    except (ParseError, MemoryError):
        raise
    except Exception as error:  # the parsers of other people's formats may raise anything; the file is lost, not the run
        text = " ".join(str(error).split())[:200]
        raise ParseError(f"the parser gave up ({type(error).__name__}{': ' + text if text else ''}); the file may be damaged") from error


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


def _limit_process(memory: int) -> None:
    """Bounds the address space above what is in use now, and forbids core dumps and files."""
    with open("/proc/self/statm", encoding="ascii") as statm:
        in_use = int(statm.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (in_use + memory, in_use + memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _limit_cpu(seconds: int) -> None:
    """Lets this process use ``seconds`` more of processor time; then the kernel ends it."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime)
    resource.setrlimit(resource.RLIMIT_CPU, (used + seconds + 1, resource.RLIM_INFINITY))
