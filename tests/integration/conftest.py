"""The sample shop, ingested once with the real encoder, and the real vLLM, started once."""

from collections.abc import Iterator

import pytest

from ingest.options import IngestOptions
from ingest.report import IngestReport
from ingest.run import ingest
from ingest.source import SourceSpec
from kb.encoder import Encoder
from kb.store import VersionStore
from rag.readers.claim_reader import OnnxClaimReader
from rag.readers.onnx_reader import OnnxReader
from server.llm.environment import VllmEnvironment
from server.llm.served_model import ServedModel
from server.llm.supervisor import Supervisor
from server.llm.vllm_program import free_port, vllm_program
from server.services import Services, open_services
from server.settings import Settings
from tests.integration.running_vllm import RunningVllm
from tests.processes import group_members
from tests.source import ROOT

SHOP = ROOT / "kb" / "sample" / "brightnook"


@pytest.fixture(scope="session")
def ingested(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, IngestReport]:
    settings = Settings(data=tmp_path_factory.mktemp("brightnook") / "data")
    report = ingest(VersionStore(settings.data), encoder, [SourceSpec(SHOP.name, SHOP)], IngestOptions())
    return settings, report


@pytest.fixture(scope="session")
def services(
    ingested: tuple[Settings, IngestReport], encoder: Encoder, reader: OnnxReader, claim_reader: OnnxClaimReader
) -> Iterator[Services]:
    with open_services(ingested[0], encoder, reader, claim_reader) as opened:
        yield opened


@pytest.fixture(scope="session")
def vllm(prepared_vllm: tuple[VllmEnvironment, ServedModel], tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningVllm]:
    port = free_port()
    log = tmp_path_factory.mktemp("vllm") / "vllm.log"
    with Supervisor(vllm_program(*prepared_vllm, port, log), port) as supervisor:
        supervisor.wait_ready()
        running = RunningVllm(supervisor, port, log)
        yield running
        running.http.close()
        running.openai.close()
        group = supervisor.pid
    assert group is not None
    assert group_members(group) == []
