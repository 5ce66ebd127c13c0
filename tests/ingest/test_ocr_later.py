from dataclasses import replace
from pathlib import Path

import pytest

from ingest.options import IngestOptions
from ingest.parse.draft import FileInput, Parsed
from ingest.parse.limits import Limits
from ingest.parse.pool import ParserPool
from tests.ingest.builders import Shop, picture_pdf, states, write_files

OPTIONS = IngestOptions(workers=1, limits=Limits(ocr="auto"))


@pytest.mark.slow
def test_a_file_with_unread_pages_is_read_again_once_ocr_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_files(tmp_path / "acme", {"a.pdf": picture_pdf(["Words on the first page.", None]), "b.md": "# Care\n\nWipe it."})
    shop = Shop(tmp_path)
    monkeypatch.setattr("ingest.parse.scan.ocr_installed", lambda: False)
    (note,) = [file.reason for file in shop.ingest(folder, options=OPTIONS).files if file.path == "a.pdf"]
    assert note == "page 2 has no text layer; OCR would read such pages: install the extra ocr (docs/documents.md)"
    asked: list[str] = []
    parse = ParserPool.parse
    monkeypatch.setattr(ParserPool, "parse", lambda pool, file: asked.append(file.name) or parse(pool, file))  # type: ignore[func-returns-value]
    assert states(shop.ingest(folder, options=OPTIONS)) == {"a.pdf": "unchanged", "b.md": "unchanged"} and asked == []
    monkeypatch.setattr("ingest.parse.scan.ocr_installed", lambda: True)
    monkeypatch.setattr("ingest.parse.pool.read_with_ocr", lambda file, limits, read: read(file, Limits()))
    shop.ingest(folder, options=OPTIONS)
    assert asked == ["a.pdf"]


@pytest.mark.slow
def test_a_file_for_which_the_time_ran_out_is_read_again_once_there_is_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_files(tmp_path / "acme", {"a.pdf": picture_pdf(["Words on the first page.", None]), "b.md": "# Care\n\nWipe it."})
    shop = Shop(tmp_path)
    asked: list[str] = []
    parse = ParserPool.parse

    def late(pool: ParserPool, file: FileInput) -> Parsed:
        asked.append(file.name)
        parsed = parse(pool, file)
        return replace(parsed, drafts=tuple(replace(draft, late_pages=draft.unread_pages, unread_pages=()) for draft in parsed.drafts))

    monkeypatch.setattr(ParserPool, "parse", late)
    monkeypatch.setattr("ingest.plan.can_recognise", lambda limits: True)
    for seconds, read in ((900, {"a.pdf", "b.md"}), (900, set()), (1800, {"a.pdf"})):
        asked.clear()
        shop.ingest(folder, options=replace(OPTIONS, limits=Limits(ocr="off", ocr_seconds=seconds)))
        assert set(asked) == read
