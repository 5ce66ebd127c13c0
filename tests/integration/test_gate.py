"""The gate with the real encoder and reader, over the sample shop and ten of the questions shipped with it."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from eval.question import GoldenQuestion, read_golden
from ingest.options import IngestOptions
from ingest.report import IngestReport
from ingest.run import ingest
from ingest.source import SourceSpec
from kb.encoder import Encoder
from kb.store import VersionStore
from rag.readers.claim_reader import OnnxClaimReader
from rag.readers.onnx_reader import OnnxReader
from server.gate import open_gate
from server.settings import Settings
from tests.integration.conftest import SHOP

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]  # may come first and ingest the sample shop

LOST = "manuals/robot-vacuum-rovo-320.pdf"
KEPT = "manuals/air-purifier-qingfeng-40.pdf"
CHANGED = {
    "zh-003": ("policies/配送政策.md", "72 小时", "48 小时"),
    "zh-028": ("policies/会员积分.md", "15 天内", "20 天内"),
    "pol-en-023": ("policies/price-match.md", "$120", "$95"),
    "pol-en-028": ("policies/trade-in.md", "at most 3 devices", "at most 5 devices"),
    "pol-fr-007": ("policies/politique-de-recyclage.md", "1,80 €", "2,60 €"),
}
"""Golden questions that pass, and what is written over in the document of each: nothing but the fact that it alone asks for."""


@pytest.fixture(scope="module")
def questions() -> list[GoldenQuestion]:
    return [one for one in read_golden() if one.documents in [(LOST,), (KEPT,)]]


def test_a_build_that_breaks_five_golden_questions_is_refused_with_those_named(
    ingested: tuple[Settings, IngestReport],
    encoder: Encoder,
    reader: OnnxReader,
    claim_reader: OnnxClaimReader,
    questions: Sequence[GoldenQuestion],
    tmp_path: Path,
) -> None:
    settings = Settings(data=tmp_path / "data")
    shutil.copytree(ingested[0].data, settings.data)
    shop = shutil.copytree(SHOP, tmp_path / SHOP.name)
    (shop / LOST).unlink()
    store = VersionStore(settings.data)
    live = store.current_id()
    five = [one.id for one in questions if one.documents == (LOST,)]
    assert len(five) == 5 and any(one.language == "zh" for one in questions)

    def run(force: str | None = None) -> IngestReport:
        gate = open_gate(settings, encoder, questions, reader, claim_reader)
        return ingest(store, encoder, [SourceSpec(SHOP.name, shop)], IngestOptions(workers=1, gate=gate, force=force, who="Ada"))

    refused = run()
    assert (refused.outcome, refused.exit_code, refused.version) == ("refused", 4, live) and store.current_id() == live
    assert refused.gate is not None
    named = refused.gate["details"]["broken"]
    assert [entry["id"] for entry in named] == five and all(name in refused.notes[-1] for name in five)
    assert all(entry["problem"] and LOST in entry["before"] for entry in named)

    forced = run("the Rovo 320 is no longer sold")
    assert forced.outcome == "published" and store.current_id() == forced.version != live
    gate = store.versions()[0].gate
    assert gate is not None and gate["forced"] == {"reason": "the Rovo 320 is no longer sold", "who": "Ada"}
    assert [entry["id"] for entry in gate["details"]["broken"]] == five and not gate["passed"]


@pytest.mark.soak
@pytest.mark.timeout(5400)
def test_five_facts_that_changed_are_found_among_all_golden_questions(
    ingested: tuple[Settings, IngestReport], encoder: Encoder, reader: OnnxReader, claim_reader: OnnxClaimReader, tmp_path: Path
) -> None:
    settings = Settings(data=tmp_path / "data")
    shutil.copytree(ingested[0].data, settings.data)
    shop = shutil.copytree(SHOP, tmp_path / SHOP.name)
    for path, fact, other in CHANGED.values():
        text = (shop / path).read_text(encoding="utf-8")
        assert text.count(fact) == 1, path
        (shop / path).write_text(text.replace(fact, other), encoding="utf-8")
    store, questions = VersionStore(settings.data), read_golden()
    live = store.current_id()
    gate = open_gate(settings, encoder, questions, reader, claim_reader)
    refused = ingest(store, encoder, [SourceSpec(SHOP.name, shop)], IngestOptions(workers=1, gate=gate, who="Ada"))
    assert refused.gate is not None and refused.gate["details"]["questions"] == len(questions) > 180
    broken = {one["id"]: one for one in refused.gate["details"]["broken"]}
    assert set(broken) == set(CHANGED) and (refused.outcome, refused.version, store.current_id()) == ("refused", live, live)
    for name, (path, _, _) in CHANGED.items():
        assert broken[name]["problem"].startswith("an expected fact is missing") and path in broken[name]["before"]
