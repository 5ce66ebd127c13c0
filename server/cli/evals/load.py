"""``citedesk eval load``: how many searches a second the real server answers, with and without embedding questions together."""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from eval.processor_time import cpu_seconds
from kb.errors import ConfigurationError
from server.cli.evals.evaluation import bar, load_encoder_of
from server.cli.options import Data, settings_for
from server.cli.output import Output, write_json_line
from server.cli.problem import UsageProblemError
from server.settings import Settings, own_environment

if TYPE_CHECKING:
    from eval.load import Load
    from eval.load_client import Questions, Target

ARMS: Mapping[str, Mapping[str, int]] = {"batched": {}, "each alone": {"query_batch": 1}}
"""The settings of the servers that are compared; they run side by side and are loaded by turns."""
STOP_SECONDS = 60.0
WARM_UP_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Phase:
    """One load: ``rate`` a second or ``concurrent`` at once, of questions that are all different or few."""

    distinct: bool
    rate: float | None = None
    concurrent: int | None = None

    def __str__(self) -> str:
        kind = "different questions" if self.distinct else "the same 50"
        return f"{kind}, {self.rate:g}/s offered" if self.rate is not None else f"{kind}, {self.concurrent} at once"


@dataclass(frozen=True, slots=True)
class Served:
    """A server under load, in a process of its own."""

    target: "Target"
    process: int


def load(
    data: Data = None,
    passages: Annotated[int, typer.Option("--passages", min=100, help="How many passages to generate where there are none.")] = 5000,
    rates: Annotated[str, typer.Option("--rates", help="Requests offered a second, separated by commas.")] = "50,100,150",
    concurrent: Annotated[str, typer.Option("--concurrent", help="Requests at once, separated by commas.")] = "1,8,32",
    seconds: Annotated[float, typer.Option("--seconds", min=0.5, help="How long each load lasts.")] = 10.0,
    rounds: Annotated[int, typer.Option("--rounds", min=1, help="How often each load is repeated.")] = 3,
) -> None:
    """Load the real server with searches: answers a second and latencies, with and without batches, in the same run."""
    output = Output(as_json=True)
    phases = [Phase(True, rate=rate) for rate in _numbers(rates, "--rates")]
    phases += [Phase(True, concurrent=level) for level in _numbers(concurrent, "--concurrent")]
    phases += [Phase(False, rate=phase.rate) for phase in phases if phase.rate is not None][-1:]
    with _filled(settings_for(data), data, passages, output) as settings, ExitStack() as stack:
        servers = {name: stack.enter_context(_serving(settings, arm)) for name, arm in ARMS.items()}
        with bar(output, "Loading", len(phases) * len(servers) * rounds) as advance:
            loads = asyncio.run(_measure(servers, phases, seconds, rounds, advance))
    title = f"{rounds} rounds of {seconds:g} s, {os.cpu_count()} cores, generator included"
    _print(output, loads, title)


def _numbers(text: str, option: str) -> list[int]:
    numbers = [int(part) if part.strip().isdecimal() else 0 for part in text.split(",")]
    if min(numbers) < 1:
        raise UsageProblemError(f"'{text}' is no list of numbers. Write it as {option} 50,100.")
    return numbers


@contextmanager
def _filled(settings: Settings, data: Path | None, passages: int, output: Output) -> Iterator[Settings]:
    """The settings of a data folder that holds something: the one given, or a temporary one. An empty one is filled."""
    from kb.store import VersionStore

    with ExitStack() as stack:
        if data is None:
            data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="citedesk-load-")))
        settings = settings.model_copy(update={"data": data})
        if VersionStore(data).current_id() is None:
            _generate(settings, passages, output)
        yield settings


def _generate(settings: Settings, passages: int, output: Output) -> None:
    from eval.nights import PASSAGES_PER_DOCUMENT, SOURCE, write_document
    from ingest.options import IngestOptions
    from ingest.run import ingest
    from ingest.source import SourceSpec
    from kb.store import VersionStore
    from server.cli.progress import ProgressBars

    with tempfile.TemporaryDirectory(prefix="citedesk-load-") as folder, ProgressBars(output.progress) as bars:
        for number in range(max(1, passages // PASSAGES_PER_DOCUMENT)):
            write_document(Path(folder), number)
        options = IngestOptions(workers=2, who="eval", why="a load of searches")
        report = ingest(VersionStore(settings.data), load_encoder_of(settings), [SourceSpec(SOURCE, Path(folder))], options, bars)
    if report.version is None:
        raise ConfigurationError(f"The generated passages could not be ingested ({report.outcome}).")


@contextmanager
def _serving(settings: Settings, arm: Mapping[str, int]) -> Iterator[Served]:
    """A ``citedesk serve`` over ``settings.data`` on a free port, and a key for it, which is revoked at the end."""
    from eval.load_client import Target
    from server.state.database import StateDatabase
    from server.state.keys import KeyStore

    database = StateDatabase.of(settings)
    keys = KeyStore(database)
    key = keys.create_key("eval load", "public", ["search"])
    place = ["--data", str(settings.data), "--host", "127.0.0.1", "--port", "0"]
    command = [sys.executable, "-m", "server.cli.main", "serve", *place, "--json"]
    try:
        with subprocess.Popen(command, env=own_environment(**arm), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            try:
                yield Served(Target(_port_of(process), key.secret), process.pid)
            finally:
                _stop(process)
    finally:
        keys.revoke_key(key.key.id)
        database.close()


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()


def _port_of(process: "subprocess.Popen[bytes]") -> int:
    """Where the server listens, which it says once it can. Raises ConfigurationError when it ends instead."""
    assert process.stdout is not None
    said = process.stdout.readline()
    if not said:
        raise ConfigurationError("The server did not start. Try `citedesk serve` with the same settings to see why.")
    return urlsplit(json.loads(said)["url"]).port or 0


async def _measure(
    servers: dict[str, Served], phases: Sequence[Phase], seconds: float, rounds: int, advance: Callable[[int], None]
) -> "dict[tuple[Phase, str], Load]":
    """Every phase against every server, by turns, so that a noisy moment strikes all; the rounds of each joined."""
    from eval.load import joined
    from eval.load_client import Questions

    asked = {(name, distinct): Questions(distinct) for name in servers for distinct in (True, False)}
    for name, served in servers.items():
        await _run(Phase(True, concurrent=4), served, asked[name, True], WARM_UP_SECONDS)
    loads: dict[tuple[Phase, str], list[Load]] = {(phase, name): [] for phase in phases for name in servers}
    for _ in range(rounds):
        for phase in phases:
            for name, served in servers.items():
                loads[phase, name].append(await _run(phase, served, asked[name, phase.distinct], seconds))
                advance(1)
    return {key: joined(ours) for key, ours in loads.items()}


async def _run(phase: Phase, served: Served, questions: "Questions", seconds: float) -> "Load":
    from eval.load import keep_asking, offer, settle

    before = cpu_seconds(served.process)
    if phase.rate is not None:
        load = await offer(served.target, questions, phase.rate, seconds)
    else:
        load = await keep_asking(served.target, questions, phase.concurrent or 1, seconds)
    load.server_cpu = cpu_seconds(served.process) - before
    await settle(served.target, questions)
    return load


def _print(output: Output, loads: "dict[tuple[Phase, str], Load]", title: str) -> None:
    columns = ["load", "questions", "answers/s", "p50 ms", "p90 ms", "p99 ms", "failed", "server CPU ms an answer"]
    rows = []
    for (phase, name), load in loads.items():
        times = [_one_decimal(load.percentile(share)) for share in (0.5, 0.9, 0.99)]
        rows.append([str(phase), name, f"{load.achieved:.1f}", *times, load.failed, _one_decimal(load.cpu_ms)])
    output.table(title, columns, rows)
    write_json_line({f"{phase}, {name}": load.to_json() for (phase, name), load in loads.items()})


def _one_decimal(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"
