"""A release that reads documents in another way: every file is read once more, and not every night from then on."""

from pathlib import Path

import pytest

from tests.ingest.builders import Shop, states, write_files

pytestmark = pytest.mark.slow  # it starts real child processes

FILES: dict[str, str | bytes] = {
    "returns.md": "# Returns\n\nYou may return goods within 30 days.\n",
    "faq.csv": "question,answer\nHow long?,30 days.\nWho pays?,We do.\n",
}


def test_other_parsers_read_everything_anew_once_and_not_every_night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop, folder = Shop(tmp_path), write_files(tmp_path / "acme", FILES)
    other = write_files(tmp_path / "other", {"b.md": "# B\n\nIt weighs 2 kg.\n"})
    shop.ingest(folder)
    shop.ingest(other)
    monkeypatch.setattr("ingest.ledger.PARSERS", "parsers-of-tomorrow")
    report = shop.ingest(folder)
    assert (report.outcome, report.counts["embedded"]) == ("published", 0)
    assert set(states(report).values()) == {"unchanged"} and any("none of them changed" in note for note in report.notes)
    version = shop.store.open_current()
    assert version.manifest.chunker.endswith("parsers-of-tomorrow")
    version.close()
    again = shop.ingest(folder)
    assert again.outcome == "unchanged" and not again.notes and all(file.seconds == 0 for file in again.files)
    assert shop.ingest(other).outcome == "published", "the other source was carried, not read"
    assert shop.ingest(other).outcome == "unchanged"


def test_a_new_source_of_which_nothing_can_be_read_publishes_nothing(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.ingest(write_files(tmp_path / "acme", FILES))
    report = shop.ingest(write_files(tmp_path / "bad", {"empty.pdf": b""}))
    assert (report.outcome, report.version, states(report)) == ("partial", "000001", {"empty.pdf": "failed"})
    assert not any("read anew" in note for note in report.notes)
