"""Small files and small runs for the tests of ingest."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import ListFlowable, PageBreak, Paragraph, SimpleDocTemplate, Table, TableStyle

from ingest.options import IngestOptions
from ingest.parse.draft import Draft, FileInput, Parsed
from ingest.parse.formats import parse_file
from ingest.parse.limits import DEFAULT_LIMITS
from ingest.report import FileReport, IngestReport
from ingest.run import ingest
from ingest.source import SourceSpec
from kb.encoder import FloatArray, Progress
from kb.encoders.hashing import HashingEncoder
from kb.store import VersionStore

GRID = TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black)])
HEADED_GRID = TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("FONTNAME", (0, 0), (-1, 0), "Helvetica-Bold")])


def write_files(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Writes files by their path within ``folder`` and returns it."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def pack(file: Path, files: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    """Writes the zip archive ``file`` with these files in it and returns it."""
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file


def parse(name: str, content: str | bytes) -> Parsed:
    """What the parsers make of a file, in this process."""
    return parse_file(FileInput(name, content.encode() if isinstance(content, str) else content), DEFAULT_LIMITS)


def parse_one(name: str, content: str | bytes) -> Draft:
    """The only draft of a file."""
    (draft,) = parse(name, content).drafts
    return draft


def block_texts(draft: Draft) -> list[tuple[str, str]]:
    """Kind and text of every block."""
    return [(block.kind, draft.text[block.start : block.end]) for block in draft.blocks]


def pdf_canvas(pages: Sequence[Sequence[tuple[float, float, str]]], password: str | None = None) -> bytes:
    """A PDF with texts at given places, ``(x, y, text)``."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, encrypt=password)
    for page in pages:
        for x, y, text in page:
            canvas.drawString(x, y, text)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def manual_pdf() -> bytes:
    """Four pages: title, headings, steps, a long paragraph, tables, and a running header with page numbers."""
    styles = getSampleStyleSheet()
    body = "The pump pushes water through the filter. " * 12
    story = [
        Paragraph("Crema 500 manual", styles["Title"]),
        Paragraph("Setting up", styles["Heading1"]),
        Paragraph(body, styles["BodyText"]),
        ListFlowable(
            [Paragraph(text, styles["BodyText"]) for text in ("Fill the tank.", "Press Power.", "Wait 45 seconds.")], bulletType="1"
        ),
        PageBreak(),
        Paragraph("Error codes", styles["Heading1"]),
        Table([["Code", "Meaning", "What to do"], ["E01", "Tank empty", "Fill the tank"], ["E02", "Too hot", "Wait"]], style=HEADED_GRID),
        PageBreak(),
        Paragraph("Data", styles["Heading1"]),
        Table([["Battery capacity", "3200 mAh"], ["Weight", "1.2 kg"]], style=GRID),
        PageBreak(),
        Paragraph("Care", styles["Heading1"]),
        Paragraph("Wipe it with a damp cloth.", styles["BodyText"]),
    ]
    buffer = io.BytesIO()
    template = SimpleDocTemplate(buffer, title="Crema 500 user manual")
    template.build(story, onFirstPage=_decorate, onLaterPages=_decorate)
    return buffer.getvalue()


def _decorate(canvas: Canvas, template: SimpleDocTemplate) -> None:
    canvas.setFont("Helvetica", 8)
    canvas.drawString(72, 810, "Crema 500 | Example Appliances")
    canvas.drawString(72, 30, f"Page {template.page} of 4")


def picture_pdf(texts: Sequence[str | None]) -> bytes:
    """A PDF whose pages hold a picture, and a text where one is given."""
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    picture = ImageReader(Image.new("RGB", (20, 20), "red"))
    for text in texts:
        canvas.drawImage(picture, 100, 100, 200, 200)
        if text is not None:
            canvas.drawString(72, 600, text)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def workbook(sheets: Mapping[str, Sequence[Sequence[object]]], hidden: Sequence[str] = ()) -> bytes:
    """An XLSX file with the rows of each sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        if name in hidden:
            sheet.sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


class CountingEncoder:
    """A hashing encoder that remembers which texts it was given."""

    def __init__(self, name: str = "") -> None:
        self._inner = HashingEncoder(dimension=32)
        self._name = name
        self.texts: list[str] = []

    @property
    def id(self) -> str:
        return self._inner.id + self._name

    @property
    def dimension(self) -> int:
        return self._inner.dimension

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        return self._inner.encode_queries(texts)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> FloatArray:
        self.texts += texts
        return self._inner.encode_passages(texts, progress)


class Shop:
    """A data folder and an encoder, for runs one after the other."""

    def __init__(self, folder: Path) -> None:
        self.store = VersionStore(folder / "data")
        self.encoder = CountingEncoder()

    def ingest(self, *sources: Path, options: IngestOptions | None = None) -> IngestReport:
        """One run; the encoder forgets what it was given before."""
        self.encoder.texts.clear()
        return ingest(self.store, self.encoder, [SourceSpec.from_path(path) for path in sources], options or IngestOptions(workers=1))

    def titles(self) -> dict[str, str]:
        """The titles of all live documents by ``source/path``."""
        version = self.store.open_current()
        try:
            return {f"{document.source}/{document.path}": document.title for document in version.all_documents()}
        finally:
            version.close()


def states(report: IngestReport) -> dict[str, str]:
    """The state of every file by its path."""
    return {file.path: file.state for file in report.files}


def failure(report: IngestReport, path: str) -> FileReport:
    """The failed file at ``path``."""
    (file,) = [file for file in report.failed if file.path == path]
    return file
