"""``citedesk prepare``: make the encoder, the readers and a local language model ready, so that the first start need not."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from server.cli.options import Json, settings_for
from server.cli.output import Output
from server.settings import Settings

if TYPE_CHECKING:
    from kb.encoder import Encoder
    from rag.reader import Reader
    from rag.verify.verifier import ClaimReader
    from server.llm.environment import VllmEnvironment
    from server.llm.served_model import ServedModel


def prepare(
    llm: Annotated[
        str | None,
        typer.Option("--llm", metavar="MODEL", help="Also install vLLM, for `up --llm MODEL`; for smollm2, get the model too (3.9 GB)."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Convert the encoder and the readers into the cache folder. Quick when that was done before."""
    settings = settings_for(None)
    output = Output(as_json)
    encoder = load_encoder_with_notice(settings, output)
    load_reader_with_notice(settings, output)
    load_claim_reader_with_notice(settings, output)
    learn_examples(settings, encoder, output)
    output.say(f"The encoder {encoder.id} ({encoder.dimension} dimensions) and the readers are ready.", "green")
    result: dict[str, Any] = {"encoder": encoder.id, "dimension": encoder.dimension, "cache": str(settings.cache)}
    if llm is not None:
        environment, model = prepare_llm(settings, llm, output)
        output.say(f"vLLM in {environment.folder} and the model {model.name} are ready.", "green")
        result["llm"] = {"environment": str(environment.folder), "gpu": environment.gpu, "model": model.location}
    output.result(result)


def load_encoder_with_notice(settings: Settings, output: Output) -> "Encoder":
    """The encoder that the settings name; what takes long is announced. Raises EncoderError."""
    from kb.encoders.load import load_encoder

    with output.progress.status("Loading the encoder"):
        return load_encoder(settings.encoder, settings.cache, settings.encoder_precision, announcer(output))


def load_reader_with_notice(settings: Settings, output: Output) -> "Reader":
    """The reader that the settings name; what takes long is announced. Raises EncoderError."""
    from rag.readers.load import load_reader

    with output.progress.status("Loading the reader"):
        return load_reader(settings.reader, settings.cache, announcer(output))


def load_claim_reader_with_notice(settings: Settings, output: Output) -> "ClaimReader":
    """The verifier's reader that the settings name; what takes long is announced. Raises EncoderError."""
    from rag.readers.load import load_claim_reader

    with output.progress.status("Loading the verifier's reader"):
        return load_claim_reader(settings.reader, settings.cache, announcer(output), settings.entailment)


def learn_examples(settings: Settings, encoder: "Encoder", output: Output) -> None:
    """Encode the examples of questions that need a person, and of matters, so that the first shopper need not wait for that."""
    from rag.matter_space import learn_matter_space
    from rag.person_need import PersonNeedFinder

    with output.progress.status("Encoding examples of questions that need a person"):
        PersonNeedFinder(encoder, settings.cache)
        learn_matter_space(encoder, settings.cache)


def prepare_llm(settings: Settings, model: str, output: Output) -> "tuple[VllmEnvironment, ServedModel]":
    """The environment of vLLM, and what ``--llm MODEL`` means; what takes long is announced. Raises LlmServerError."""
    from server.llm.environment import prepare_environment
    from server.llm.served_model import resolve_model

    announce = announcer(output)
    with output.progress.status("Preparing vLLM"):
        environment = prepare_environment(settings.cache, announce)
        return environment, resolve_model(model, settings.cache, environment, announce)


def announcer(output: Output) -> Callable[[str], None]:
    """Prints what takes long, on standard error."""
    return lambda text: output.progress.print(text, style="dim", markup=False)
