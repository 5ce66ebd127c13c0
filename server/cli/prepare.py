"""``citedesk prepare``: make the encoder ready, so that the first start need not."""

from typing import TYPE_CHECKING

from server.cli.options import Json, settings_for
from server.cli.output import Output
from server.settings import Settings

if TYPE_CHECKING:
    from kb.encoder import Encoder


def prepare(as_json: Json = False) -> None:
    """Convert the encoder into the cache folder. Quick when that was done before."""
    settings = settings_for(None)
    output = Output(as_json)
    encoder = load_encoder_with_notice(settings, output)
    output.say(f"The encoder {encoder.id} is ready ({encoder.dimension} dimensions).", "green")
    output.result({"encoder": encoder.id, "dimension": encoder.dimension, "cache": str(settings.cache)})


def load_encoder_with_notice(settings: Settings, output: Output) -> "Encoder":
    """The encoder that the settings name; what takes long is announced. Raises EncoderError."""
    from kb.encoders.load import load_encoder

    def announce(text: str) -> None:
        output.progress.print(text, style="dim", markup=False)

    with output.progress.status("Loading the encoder"):
        return load_encoder(settings.encoder, settings.cache, settings.encoder_precision, announce)
