"""The sample shop, ingested once with the real encoder."""

from collections.abc import Iterator

import pytest

from ingest.options import IngestOptions
from ingest.report import IngestReport
from ingest.run import ingest
from ingest.source import SourceSpec
from kb.encoder import Encoder
from kb.store import VersionStore
from rag.readers.onnx_reader import OnnxReader
from server.services import Services, open_services
from server.settings import Settings
from tests.source import ROOT

SHOP = ROOT / "kb" / "sample" / "brightnook"


@pytest.fixture(scope="session")
def ingested(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, IngestReport]:
    settings = Settings(data=tmp_path_factory.mktemp("brightnook") / "data")
    report = ingest(VersionStore(settings.data), encoder, [SourceSpec(SHOP.name, SHOP)], IngestOptions())
    return settings, report


@pytest.fixture(scope="session")
def services(ingested: tuple[Settings, IngestReport], encoder: Encoder, reader: OnnxReader) -> Iterator[Services]:
    with open_services(ingested[0], encoder, reader) as opened:
        yield opened
