from pathlib import Path

import pytest

from eval.nights import run
from ingest.progress import SilentProgress
from kb.encoders.hashing import HashingEncoder

pytestmark = pytest.mark.slow


def test_only_what_changed_is_encoded(tmp_path: Path) -> None:
    report = run(HashingEncoder(), tmp_path, 300, lambda _: SilentProgress())
    assert (report.full.outcome, report.full.passages, report.full.encoded) == ("published", 300, 300)
    assert (report.changed.outcome, report.changed.passages, report.changed.encoded) == ("published", 300, 3)
    assert (report.unchanged.outcome, report.unchanged.encoded) == ("unchanged", 0)
    assert report.ratio > 0
