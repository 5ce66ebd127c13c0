import signal
import socket
import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import pytest

from ingest.parse.draft import Draft, FileInput, Parsed
from ingest.parse.limits import DEFAULT_LIMITS, Limits
from ingest.parse.ocr import OcrEngine, OcrError, Picture, PictureLine, RapidEngine, ocr_installed
from ingest.parse.page_names import name_pages
from ingest.parse.pdf import parse_pdf
from ingest.parse.pdf_ocr import recognise_pages
from ingest.parse.pdf_picture import LONGEST_SIDE, PagePictures
from ingest.parse.pool import ParserPool
from ingest.parse.scan import ScanError, read_with_ocr
from kb.errors import ParseError
from tests.ingest.builders import parse_one, pdf_canvas, picture_pdf
from tests.ingest.parse.pdf_pages import scanned_page, scanned_pdf

AUTO = replace(DEFAULT_LIMITS, ocr="auto")
SCAN = FileInput("scan.pdf", picture_pdf([None, None, "A long enough text on the third page, to be one.", None]))
LETTER = [(72.0, 760.0, "Wall mounting", 22), (72.0, 700.0, "Keep 40 mm free at both ends for cables.", 12)]
ROWS = ("Code Fault Remedy", "E01 Empty Fill", "E02 Hot Wait")
FAULTS = [(72.0 + 150 * x, 600.0 - 24 * y, text, 12) for y, row in enumerate(ROWS) for x, text in enumerate(row.split())]


class Reciting:
    """An engine that knows by heart what stands on each picture, in the order in which it is shown them."""

    def __init__(self, *pages: str | Exception) -> None:
        self.pages = list(pages)
        self.sizes: list[tuple[int, ...]] = []

    def read(self, picture: Picture) -> list[PictureLine]:
        self.sizes.append(picture.shape)
        said = self.pages.pop(0)
        if isinstance(said, Exception):
            raise said
        return [PictureLine(text, 100, 100 + 40 * number, 500, 120 + 40 * number) for number, text in enumerate(said.split("\n")) if text]


def recite(monkeypatch: pytest.MonkeyPatch, engine: OcrEngine) -> None:
    monkeypatch.setattr("ingest.parse.pdf.recognise_pages", partial(recognise_pages, open_engine=lambda: engine))


def test_pages_are_named_in_few_words() -> None:
    assert name_pages([7]) == "page 7" and name_pages([2, 4, 5, 6, 9]) == "pages 2, 4-6 and 9" and name_pages([1, 2]) == "pages 1-2"
    assert name_pages(range(1, 61, 2)) == "pages 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23 and 18 more"


def test_only_pages_without_usable_text_are_read_from_their_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Reciting("The first page.\n水箱必须装满水。", "", OcrError("OCR gave up (Boom)"))
    recite(monkeypatch, engine)
    (draft,) = parse_pdf(SCAN, AUTO).drafts
    assert "The first page." in draft.text and "水箱必须装满水。" in draft.text and "third page" in draft.text
    assert {line.page for line in draft.lines} == {1, 3} and draft.unread_pages == ()
    assert draft.notes == (
        "pages 1-2 and 4 have no text layer",
        "page 1 read by OCR",
        "OCR found no text on page 2",
        "page 4 could not be read by OCR: OCR gave up (Boom)",
    )
    assert all(max(size) <= LONGEST_SIDE for size in engine.sizes)


def test_a_scan_of_which_nothing_is_recognised_is_refused_with_its_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    recite(monkeypatch, Reciting("", ""))
    with pytest.raises(ParseError, match="pages 1-2 have no text layer; OCR found no text on pages 1-2"):
        parse_pdf(FileInput("a.pdf", picture_pdf([None, None])), AUTO)


def test_a_garbled_text_layer_is_not_used_and_is_named() -> None:
    readable = "The pump pushes water through the filter, and the heater warms it."
    shifted = "".join(chr(ord(letter) - 29) if letter > "=" else letter for letter in readable * 3)
    pages = [[(72.0, 700.0, readable)], [(72.0, 700.0 - 14 * row, shifted[row * 60 : row * 60 + 60]) for row in range(3)]]
    draft = parse_one("a.pdf", pdf_canvas(pages))
    assert draft.text == readable and draft.notes == ("page 2 has a text layer that cannot be read",) and draft.unread_pages == (2,)


def test_a_picture_with_a_stamp_on_it_is_no_page_of_text() -> None:
    with pytest.raises(ScanError, match="page 1 has no text layer"):
        parse_one("a.pdf", scanned_pdf([scanned_page(LETTER)]))
    draft = parse_one("a.pdf", scanned_pdf([scanned_page(LETTER)], stamp="Archive copy 12"))
    assert draft.notes == ("page 1 is a picture with few words of text",) and draft.unread_pages == (1,)
    short = parse_one("a.pdf", pdf_canvas([[(72.0, 700.0, "Short.")]]))
    assert short.notes == () and short.unread_pages == ()


def test_time_runs_out_for_the_file_not_for_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    recite(monkeypatch, Reciting("one", "two", "three"))
    (draft,) = parse_pdf(SCAN, replace(AUTO, ocr_seconds=-1)).drafts
    said = "pages 1-2 and 4 left unread: OCR had used its -1 s of processor time; split it, or allow more (CITEDESK_OCR_SECONDS)"
    assert said in draft.notes
    assert draft.late_pages == (1, 2, 4) and not draft.unread_pages


def test_a_page_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    class Spinning:
        def read(self, picture: Picture) -> list[PictureLine]:
            while True:
                sum(range(1000))

    real = signal.setitimer
    monkeypatch.setattr("signal.setitimer", lambda which, seconds: real(which, min(seconds, 0.05)))
    recite(monkeypatch, Spinning())
    (draft,) = parse_pdf(SCAN, AUTO).drafts
    assert [note for note in draft.notes if "OCR" in note] == [
        f"page {number} could not be read by OCR: it used more than 30 s of processor time" for number in (1, 2, 4)
    ]


def first_reading(unread: tuple[int, ...]) -> Parsed:
    return Parsed((Draft("text", (), "application/pdf", notes=("page 2 has no text layer",), unread_pages=unread),))


def test_a_file_is_read_again_only_if_there_is_something_to_recognise(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def read(file: FileInput, limits: Limits) -> Parsed:
        asked.append(limits.ocr)
        return first_reading(())

    assert read_with_ocr(SCAN, AUTO, read) == first_reading(()) and asked == ["off"]


@pytest.mark.parametrize(
    ("installed", "limits", "reason"),
    [(False, AUTO, "install the extra ocr (docs/documents.md)"), (True, DEFAULT_LIMITS, "turned off (CITEDESK_OCR)")],
)
def test_without_ocr_the_note_says_how_to_have_it(installed: bool, limits: Limits, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.parse.scan.ocr_installed", lambda: installed)
    (draft,) = read_with_ocr(SCAN, limits, lambda file, _: first_reading((2,))).drafts
    assert reason in draft.notes[-1] and draft.unread_pages == (2,)


def test_what_was_read_without_ocr_is_kept_when_ocr_crashes(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(file: FileInput, limits: Limits) -> Parsed:
        if limits.ocr == "auto":
            raise ParseError("the parser crashed (signal 6)")
        return first_reading((2,))

    (draft,) = read_with_ocr(SCAN, AUTO, read).drafts
    assert draft.text == "text" and draft.unread_pages == ()
    assert draft.notes[-1] == "OCR of these pages failed: the parser crashed (signal 6)"


def test_pictures_are_of_bounded_size_and_know_their_place() -> None:
    huge = pdf_canvas([[(72.0, 700.0, "x")]]).replace(b"595.2756 841.8898", b"14400.00 14400.00")
    with PagePictures(huge) as pictures:
        picture = pictures.draw(1)
        assert max(picture.pixels.shape) <= LONGEST_SIDE
        assert picture.place(0, 0) == (0.0, 14400.0)
    with pytest.raises(OcrError, match="cannot be drawn"):
        PagePictures(b"%PDF-1.4 nonsense")


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("OCR must not reach out")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.mark.slow
def test_the_engine_reads_with_what_its_wheel_brought_and_says_nothing(no_network: None, capfd: pytest.CaptureFixture[str]) -> None:
    assert ocr_installed()
    engine = RapidEngine()
    with PagePictures(scanned_pdf([scanned_page(LETTER)])) as pictures:
        lines = engine.read(pictures.draw(1).pixels)
    assert sorted(line.text for line in lines) == ["Keep 40 mm free at both ends for cables.", "Wall mounting"]
    assert capfd.readouterr() == ("", "")


@pytest.mark.slow
def test_a_scanned_page_in_the_child_process_is_read_with_headings_rows_and_boxes() -> None:
    content = scanned_pdf(["The first page is text, as most pages of most documents are.", scanned_page(LETTER + FAULTS)])
    with ParserPool(1, AUTO) as pool:
        (draft,) = pool.parse(FileInput("scan.pdf", content)).drafts
    blocks: Mapping[str, str] = {draft.text[block.start : block.end]: block.kind for block in draft.blocks if block.page == 2}
    assert blocks == {
        "Wall mounting": "heading",
        "Keep 40 mm free at both ends for cables.": "paragraph",
        "Code: E01 | Fault: Empty | Remedy: Fill": "table_row",
        "Code: E02 | Fault: Hot | Remedy: Wait": "table_row",
    }
    assert draft.notes == ("page 2 has no text layer", "page 2 read by OCR")
    place = draft.text.index("Keep 40 mm")
    (box,) = [line for line in draft.lines if line.start == place]
    assert box.page == 2 and abs(box.x0 - 72) < 4 and box.y0 < 702 < box.y1 < 720 and box.y1 - box.y0 < 20


def test_documents_with_text_never_load_the_engine() -> None:
    before = "rapidocr" in sys.modules
    parse_pdf(FileInput("a.pdf", pdf_canvas([[(72.0, 700.0, "A text like any other.")]])), AUTO)
    assert ("rapidocr" in sys.modules) == before
