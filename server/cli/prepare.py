"""``citedesk prepare``: make the encoder and the reader ready, so that the first start need not."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from server.cli.options import Json, settings_for
from server.cli.output import Output
from server.settings import Settings

if TYPE_CHECKING:
    from kb.encoder import Encoder
    from rag.reader import Reader


def prepare(as_json: Json = False) -> None:
    """Convert the encoder and the reader into the cache folder. Quick when that was done before."""
    settings = settings_for(None)
    output = Output(as_json)
    encoder = load_encoder_with_notice(settings, output)
    load_reader_with_notice(settings, output)
    output.say(f"The encoder {encoder.id} ({encoder.dimension} dimensions) and the reader are ready.", "green")
    output.result({"encoder": encoder.id, "dimension": encoder.dimension, "cache": str(settings.cache)})


def load_encoder_with_notice(settings: Settings, output: Output) -> "Encoder":
    """The encoder that the settings name; what takes long is announced. Raises EncoderError."""
    from kb.encoders.load import load_encoder

    with output.progress.status("Loading the encoder"):
        return load_encoder(settings.encoder, settings.cache, settings.encoder_precision, _announcer(output))


def load_reader_with_notice(settings: Settings, output: Output) -> "Reader":
    """The reader that the settings name; what takes long is announced. Raises EncoderError."""
    from rag.readers.load import load_reader

    with output.progress.status("Loading the reader"):
        return load_reader(settings.reader, settings.cache, _announcer(output))


def _announcer(output: Output) -> Callable[[str], None]:
    return lambda text: output.progress.print(text, style="dim", markup=False)
