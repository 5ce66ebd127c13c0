"""What a run tells of its changes."""

import json
from datetime import date
from pathlib import Path

import pytest

from ingest.gate import GateResult
from ingest.options import IngestOptions
from ingest.progress import ProgressListener
from kb.version import Version
from tests.ingest.builders import Shop, write_files

pytestmark = pytest.mark.slow  # every test starts real child processes: they run in the integration stage

FILES: dict[str, str | bytes] = {
    "returns.md": "# Returns\n\nYou may return goods within 30 days.\n\n## Costs\n\nReturning is free.\n",
    "internal/_scope.yaml": "audience: internal\n",
    "internal/notes.md": "# Notes\n\nGoodwill up to 50 euros.\n",
    "sale.md": "---\neffective_to: 2026-12-01\n---\n# Sale\n\nTen percent off.\n",
}


class Refuses:
    def check(self, staged: Version, live: Version | None, progress: ProgressListener) -> GateResult:
        return GateResult(False, "worse")


def test_the_report_tells_what_changed(tmp_path: Path) -> None:
    shop, folder = Shop(tmp_path), write_files(tmp_path / "acme", FILES)
    options = IngestOptions(today=date(2026, 11, 23))
    first = shop.ingest(folder, options=options).changes
    assert first is not None and first["old"] is None and first["counts"]["documents_added"] == 3
    assert [(one["path"], one["day"]) for one in first["expiring"]] == [("sale.md", "2026-12-01")]
    (folder / "returns.md").write_text("# Returns\n\nYou may return goods within 14 days.\n\n## Costs\n\nReturning is free.\n")
    (folder / "internal/notes.md").rename(folder / "notes.md")
    report = shop.ingest(folder, options=options)
    second = report.to_json()["changes"]
    assert (second["old"], second["new"]) == ("000001", "000002")
    assert [(one["kind"], one["path"], one["widened"]) for one in second["documents"]] == [
        ("renamed", "notes.md", True),
        ("changed", "returns.md", False),
    ]
    marks = second["documents"][1]["passages"][0]["marks"]
    assert ["removed", "30"] in marks and ["added", "14"] in marks
    assert shop.ingest(folder).changes is None
    json.dumps(report.to_json())


def test_a_refused_version_tells_what_it_would_have_changed(tmp_path: Path) -> None:
    shop, folder = Shop(tmp_path), write_files(tmp_path / "acme", FILES)
    report = shop.ingest(folder, options=IngestOptions(gate=Refuses()))
    assert report.outcome == "refused" and report.changes is not None and report.changes["counts"]["documents_added"] == 3
