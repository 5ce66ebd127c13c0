"""The sample shop, ingested for one measurement."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kb.errors import ConfigurationError
from server.cli.evals.evaluation import load_encoder_of
from server.cli.options import settings_for
from server.cli.output import Output
from server.settings import Settings

if TYPE_CHECKING:
    from kb.encoder import Encoder

SAMPLE_SHOP = Path(__file__).parents[3] / "kb" / "sample" / "brightnook"


@contextmanager
def shop_of(given: Settings, data: Path | None, output: Output) -> "Iterator[tuple[Settings, Encoder]]":
    """``given`` as they are for ``data``, the option --data; without it, over the sample shop in a temporary folder; and the encoder.

    Raises NoVersionError when nothing was published in ``data``, with the command to run.
    """
    from kb.store import VersionStore

    if data is None:
        with ingested_sample_shop(output) as (settings, encoder):
            yield given.model_copy(update={"data": settings.data}), encoder
        return
    store = VersionStore(given.data)
    if store.current_id() is None:
        store.open_current()
    yield given, load_encoder_of(given)


@contextmanager
def ingested_sample_shop(output: Output) -> "Iterator[tuple[Settings, Encoder]]":
    """The settings of a temporary data folder that holds the sample shop, and the encoder. Raises ConfigurationError."""
    from ingest.options import IngestOptions
    from ingest.run import ingest
    from ingest.source import SourceSpec
    from kb.store import VersionStore

    with tempfile.TemporaryDirectory(prefix="citedesk-eval-") as folder:
        settings = settings_for(Path(folder))
        encoder = load_encoder_of(settings)
        output.say("Ingesting the sample shop …")
        report = ingest(VersionStore(settings.data), encoder, [SourceSpec(SAMPLE_SHOP.name, SAMPLE_SHOP)], IngestOptions())
        if report.version is None:
            raise ConfigurationError(f"The sample shop could not be ingested ({report.outcome}).")
        yield settings, encoder
