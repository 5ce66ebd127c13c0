"""How vLLM is started on this machine: its options and its environment variables. docs/vllm.md says why each is there."""

import socket
from pathlib import Path

from server.llm.environment import VllmEnvironment
from server.llm.guarded_process import ServerProgram
from server.llm.served_model import ServedModel
from server.settings import child_environment

HOST = "127.0.0.1"
KV_CACHE_GIB = 2
"""Memory for attention's keys and values on a machine without a GPU; with one, vLLM takes what the model leaves free."""
QUEUED_ON_CPU, QUEUED_ON_GPU = 32, 512
"""Most requests that wait or run at a time; more are refused at once (503) instead of waiting past every deadline."""


def free_port() -> int:
    """A loopback port that nothing listens on just now."""
    with socket.create_server((HOST, 0)) as probe:
        return int(probe.getsockname()[1])


def vllm_program(environment: VllmEnvironment, model: ServedModel, port: int, log: Path) -> ServerProgram:
    """vLLM serving ``model`` on the loopback ``port``, its output appended to ``log``."""
    # Not `vllm serve`: the build without a GPU is a package of another name, and that command asks for the metadata of "vllm".
    command = [str(environment.python), "-I", "-m", "vllm.entrypoints.openai.api_server", "--model", model.location]
    command += ["--served-model-name", model.name, "--host", HOST, "--port", str(port), "--max-model-len", "auto"]
    command += ["--max-num-queued-reqs", str(QUEUED_ON_GPU if environment.gpu else QUEUED_ON_CPU)]
    command += ["--enable-prefix-caching", "--disable-uvicorn-access-log", "--disable-fastapi-docs"]
    if not environment.gpu:
        command += ["--dtype", "float32", "--enforce-eager"]
    return ServerProgram(tuple(command), _variables(environment, model), environment.folder, log.resolve())


def _variables(environment: VllmEnvironment, model: ServedModel) -> dict[str, str]:
    given = {"VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1", "VLLM_LOG_STATS_INTERVAL": "60"}
    if model.local:
        given["HF_HUB_OFFLINE"] = "1"
    if not environment.gpu:
        given["VLLM_CPU_KVCACHE_SPACE"] = str(KV_CACHE_GIB)
    return child_environment(environment.python.parent, given)
