"""The language model behind ``serve`` and ``up``: one that is started here, or one elsewhere."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Annotated, TypeAlias

import typer

from server.cli.output import Output
from server.cli.prepare import announcer, prepare_llm
from server.settings import Settings

Llm: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--llm",
        metavar="MODEL",
        help="The language model that writes the answers: smollm2 (bundled, for trying out), a folder, or a hub's name. "
        "A local vLLM is started with it; with --llm-url it is the name of the model there.",
    ),
]
LlmUrl: TypeAlias = Annotated[
    str | None, typer.Option("--llm-url", metavar="URL", help="Use the OpenAI-compatible server at this address, which ends in /v1.")
]
LOG = "logs/vllm.log"
"""The log of the local vLLM, inside the data folder."""
_TERMINATED = 128 + signal.SIGTERM


@contextmanager
def running_llm(settings: Settings, model: str | None, output: Output) -> Iterator[Settings]:
    """The settings to serve with: as they are when no language model is asked for, else with its address and its name.

    With the address of a server, that one is used, and asked for its model when none is named. Without, a local vLLM serves ``model``
    for the block; its environment and the bundled model are prepared first when they are not there yet. Raises LlmServerError.
    """
    if settings.llm_url is not None:
        yield _named(settings, model)
    elif model is None:
        yield settings
    else:
        with _local_vllm(settings, model, output) as served:
            yield served


def _named(settings: Settings, model: str | None) -> Settings:
    from server.llm.listed_model import listed_model

    assert settings.llm_url is not None
    key = settings.llm_key.get_secret_value() if settings.llm_key else None
    return settings.model_copy(update={"llm_model": model or settings.llm_model or listed_model(settings.llm_url, key)})


@contextmanager
def _local_vllm(settings: Settings, model: str, output: Output) -> Iterator[Settings]:
    from server.llm.supervisor import Supervisor
    from server.llm.vllm_program import HOST, free_port, vllm_program

    environment, served = prepare_llm(settings, model, output)
    port = free_port()
    program = vllm_program(environment, served, port, settings.data / LOG)
    with _sigterm_unwinds(), Supervisor(program, port) as supervisor:
        with output.progress.status(f"Starting vLLM with {served.name}"):
            supervisor.wait_ready(announcer(output))
        output.say(f"vLLM is ready with {served.name} (its log: {program.log}).")
        url, style = f"http://{HOST}:{port}/v1", settings.llm_style or _style_of(model)
        yield settings.model_copy(update={"llm_url": url, "llm_model": served.name, "llm_key": None, "llm_style": style})


def _style_of(model: str) -> str:
    """The bundled model writes too little sense in its own words; it may choose among the documents' sentences."""
    from server.llm.small_model import SMALL_MODEL

    return "quoted" if model == SMALL_MODEL else "free"


@contextmanager
def _sigterm_unwinds() -> Iterator[None]:
    """SIGTERM leaves the block as an exception, so that what was started is stopped before this process ends, not after."""

    def leave(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(_TERMINATED)

    previous = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)
