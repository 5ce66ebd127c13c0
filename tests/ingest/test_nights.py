"""Many nights of random edits give what one full build of the last night's folder gives."""

import random
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from ingest.options import IngestOptions
from ingest.report import IngestReport
from ingest.run import ingest
from ingest.source import SourceSpec
from kb.encoder import FloatArray, Progress
from kb.encoders.hashing import HashingEncoder
from kb.scope import SearchScope
from kb.search import HybridSearch
from kb.store import VersionStore
from tests.reliability.shop_folder import WORDS, ShopFolder

pytestmark = pytest.mark.slow

EDITS, NIGHTS, QUESTIONS = 200, 8, 50
SCOPE = SearchScope(as_of=date(2026, 5, 4))


@dataclass
class CountingEncoder(HashingEncoder):
    """Remembers what it was asked to encode."""

    dimension: int = 64
    texts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(self.dimension)

    def encode_passages(self, texts: list[str], progress: Progress | None = None) -> FloatArray:  # type: ignore[override]
        self.texts += texts
        return super().encode_passages(texts, progress)


def night(data: Path, shop: ShopFolder, encoder: HashingEncoder) -> IngestReport:
    options = IngestOptions(workers=2, confirm_loss=frozenset({"shop"}))
    report = ingest(VersionStore(data), encoder, [SourceSpec("shop", shop.folder)], options)
    assert report.outcome in ("published", "unchanged"), report
    return report


def everything(data: Path) -> dict[str, tuple[str, str, tuple[str, ...]]]:
    version = VersionStore(data).open_current()
    try:
        passages = version.passages(range(len(version.vectors)))
        return {one.id: (one.document_id, one.text, one.heading_path) for one in passages}
    finally:
        version.close()


def top_ten(data: Path, questions: list[str]) -> list[list[tuple[str, float]]]:
    version = VersionStore(data).open_current()
    try:
        found = HybridSearch(HashingEncoder(64)).search(version, questions, 10, SCOPE)
        return [[(hit.passage.id, hit.score) for hit in hits] for hits in found]
    finally:
        version.close()


@pytest.mark.slow
def test_200_random_edits_in_several_nights_equal_a_full_rebuild(tmp_path: Path) -> None:
    shop, encoder = ShopFolder(tmp_path / "shop", documents=40, seed=4), CountingEncoder()
    night(tmp_path / "nightly", shop, encoder)
    made = []
    for _ in range(NIGHTS):
        made += shop.edit(EDITS // NIGHTS)
        encoder.texts.clear()
        report = night(tmp_path / "nightly", shop, encoder)
        assert report.counts["embedded"] == len(encoder.texts) == len(set(encoder.texts)) < report.counts["passages"]
    assert len(made) == EDITS and {edit.split()[0] for edit in made} == {"add", "change", "remove", "rename"}
    night(tmp_path / "full", shop, HashingEncoder(64))
    nightly, full = everything(tmp_path / "nightly"), everything(tmp_path / "full")
    assert list(nightly.items()) == list(full.items()) and len(full) > 60
    chance = random.Random(9)
    questions = [" ".join(chance.sample(WORDS, 4)) for _ in range(QUESTIONS)]
    assert top_ten(tmp_path / "nightly", questions) == top_ten(tmp_path / "full", questions)


def test_a_night_with_no_change_encodes_nothing_and_writes_no_version(tmp_path: Path) -> None:
    shop, encoder = ShopFolder(tmp_path / "shop", documents=4), CountingEncoder()
    night(tmp_path / "data", shop, encoder)
    store = VersionStore(tmp_path / "data")
    files = sorted(path for path in (tmp_path / "data").rglob("*") if path.is_file())
    before = {path: path.stat().st_mtime_ns for path in files if path.name != "LOCK"}
    encoder.texts.clear()
    report = night(tmp_path / "data", shop, encoder)
    assert (report.outcome, report.exit_code, encoder.texts, store.version_ids()) == ("unchanged", 3, [], ["000001"])
    after = sorted(path for path in (tmp_path / "data").rglob("*") if path.is_file())
    assert after == files and all(path.stat().st_mtime_ns == before[path] for path in after if path.name != "LOCK")


def test_only_the_changed_paragraph_is_encoded(tmp_path: Path) -> None:
    shop, encoder = ShopFolder(tmp_path / "shop", documents=6), CountingEncoder()
    night(tmp_path / "data", shop, encoder)
    path = sorted(shop.texts)[0]
    with (shop.folder / path).open("a", encoding="utf-8") as file:
        file.write("\n\n## Added\n\nA rule that was added: 新的规定。\n")
    before = everything(tmp_path / "data")
    encoder.texts.clear()
    report = night(tmp_path / "data", shop, encoder)
    assert len(encoder.texts) == report.counts["embedded"] == 1 and "新的规定" in encoder.texts[0]
    after = everything(tmp_path / "data")
    assert before.items() <= after.items() and len(after) == len(before) + 1
