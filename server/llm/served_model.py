"""Which model a local vLLM serves: the bundled one, a folder, or one that vLLM fetches from a hub by its name."""

from dataclasses import dataclass
from pathlib import Path

from kb.encoders.prepared import Announce
from server.llm.environment import VllmEnvironment
from server.llm.errors import LlmServerError
from server.llm.small_model import SMALL_MODEL, prepare_small_model


@dataclass(frozen=True, slots=True)
class ServedModel:
    """``location`` is what vLLM loads: a folder, or a hub's name when not ``local``. ``name`` is what requests call it."""

    name: str
    location: str
    local: bool


def resolve_model(model: str, cache: Path, environment: VllmEnvironment, announce: Announce = lambda _: None) -> ServedModel:
    """What ``--llm MODEL`` means. The bundled model is prepared first when it is not there yet.

    Raises:
        LlmServerError: the bundled model cannot be prepared, or ``model`` looks like a folder and is none.
    """
    if model == SMALL_MODEL:
        return ServedModel(model, str(prepare_small_model(cache, environment, announce)), local=True)
    folder = Path(model).expanduser()
    if folder.is_dir():
        return ServedModel(folder.resolve().name, str(folder.resolve()), local=True)
    if model.startswith((".", "/", "~")) or model.count("/") != 1:
        raise LlmServerError(
            f"There is no folder {model}, and it is no hub's name such as owner/model. "
            f"Use --llm {SMALL_MODEL}, a model's folder, or such a name."
        )
    return ServedModel(model, model, local=False)
