"""Files made to exhaust whoever opens them. Small where they lie, large where they are opened."""

import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping

import docx

from tests.ingest.builders import workbook

ENTITIES = "".join(f'<!ENTITY a{number} "{f"&a{number - 1};" * 10}">' for number in range(1, 10))
LAUGHS = f'<!DOCTYPE x [<!ENTITY a0 "ha">{ENTITIES}]>'
WORD_HEAD = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document '
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
)
WORD_TAIL = "</w:body></w:document>"


def with_entry(content: bytes, name: str, data: bytes | Iterable[bytes]) -> bytes:
    """A zip file with the entry ``name`` replaced or added."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for entry in source.infolist():
            if entry.filename != name:
                target.writestr(entry, source.read(entry))
        with target.open(name, "w", force_zip64=True) as stream:
            for part in [data] if isinstance(data, bytes) else data:
                stream.write(part)
    return buffer.getvalue()


def word_file(paragraphs: Iterable[str] = ("A sound paragraph.",)) -> bytes:
    """A plain DOCX."""
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def word_of(mebibytes: int, letters: int = 600) -> bytes:
    """A DOCX whose paragraphs are ``mebibytes`` of XML, all different (they compress as text does)."""
    run = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
    text = "".join(chr(97 + number * number % 25) + " " * (number % 7 == 0) for number in range(letters))
    size = len(run) + letters

    def parts() -> Iterable[bytes]:
        yield WORD_HEAD.encode()
        for start in range(0, (mebibytes << 20) // size, 1000):
            yield "".join(run.format(f"{number:09d} {text}"[:letters]) for number in range(start, start + 1000)).encode()
        yield WORD_TAIL.encode()

    return with_entry(word_file(), "word/document.xml", parts())


def word_that_laughs() -> bytes:
    """A DOCX whose text is an entity of a billion letters."""
    body = WORD_HEAD.replace("<w:document", LAUGHS.replace("x [", "w:document [") + "<w:document") + "<w:p><w:r><w:t>&a9;</w:t></w:r></w:p>"
    return with_entry(word_file(), "word/document.xml", (body + WORD_TAIL).encode())


def page_that_laughs() -> bytes:
    """A web page with a drawing (SVG) that declares the entities."""
    return f"<!doctype html><p>Before</p>{LAUGHS}<svg xmlns='http://www.w3.org/2000/svg'><text>&a9;</text></svg><p>After</p>".encode()


def huge_picture(side: int = 50_000) -> bytes:
    """A PNG of ``side`` x ``side`` black pixels: 313 MB once decoded at one bit a pixel, 7.5 GB as RGB."""
    packer = zlib.compressobj(9)
    row = bytes(side // 8 + 1)
    data = b"".join(packer.compress(row * 100) for _ in range(side // 100)) + packer.flush()
    head = side.to_bytes(4, "big") * 2 + bytes([1, 0, 0, 0, 0])
    chunks = ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big") for kind, body in chunks
    )


def word_with_picture(picture: bytes) -> bytes:
    """A DOCX with one line and ``picture``."""
    document = docx.Document()
    document.add_paragraph("The picture shows the pump.")
    document.add_picture(io.BytesIO(picture))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def workbook_of(rows: int, cell: str = "x") -> bytes:
    """An XLSX of ``rows`` rows of three cells, written straight as XML."""
    row = "".join(f'<c t="inlineStr"><is><t>{cell}{{0}}</t></is></c>' for _ in range(2)) + "<c><v>{0}</v></c>"

    def parts() -> Iterable[bytes]:
        yield b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        for start in range(0, rows, 1000):
            yield "".join(f"<row>{row.format(number)}</row>" for number in range(start, start + 1000)).encode()
        yield b"</sheetData></worksheet>"

    return with_entry(workbook({"S": [["a", "b", "c"]]}), "xl/worksheets/sheet1.xml", parts())


def pdf_of(mebibytes: int) -> bytes:
    """A PDF of one page whose content stream inflates to ``mebibytes`` of text operators."""
    packer = zlib.compressobj(9)
    piece = b"BT /F1 9 Tf 9 9 Td (pump) Tj ET\n" * 32768
    stream = b"".join(packer.compress(piece) for _ in range(mebibytes)) + packer.flush()
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length " + str(len(stream)).encode() + b"/Filter/FlateDecode>>stream\n" + stream + b"\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    content, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += str(number).encode() + b" 0 obj" + body + b"endobj\n"
    table = b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return content + table + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n" + str(len(content)).encode() + b"\n%%EOF"


def nested_mail(depth: int) -> bytes:
    """A message within a message, ``depth`` times."""
    head = "From: a@shop.example\nSubject: Deep\nMIME-Version: 1.0\n"
    parts = "".join(f'Content-Type: multipart/mixed; boundary="b{number}"\n\n--b{number}\n' for number in range(depth))
    return (head + parts + "Content-Type: text/plain\n\nAt the bottom.\n").encode()


def small_ones() -> Mapping[str, bytes]:
    """Bombs of a few kilobytes or megabytes, by the name to give them."""
    return {
        "laughs.docx": word_that_laughs(),
        "deep.html": b"<div>" * 1_000_000 + b"x",
        "line.jsonl": b'{"_id": "a", "text": "' + b"x" * (30 << 20) + b'"}',
        "deep.jsonl": b'{"_id": "a", "text": ' + b"[" * 1_000_000 + b"]" * 1_000_000 + b"}",
        "line.csv": b"question,answer\n" + b"x" * (30 << 20) + b",y\n",
        "commas.csv": b"," * (4 << 20) + b"\nx\n",
        "deep.eml": nested_mail(10_000),
    }


def shared_strings(mebibytes: int) -> bytes:
    """An XLSX whose table of shared strings is ``mebibytes`` of XML."""
    item = "<si><t>{0:09d} a string that is used nowhere</t></si>"

    def parts() -> Iterable[bytes]:
        yield b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        for start in range(0, (mebibytes << 20) // len(item), 1000):
            yield "".join(item.format(number) for number in range(start, start + 1000)).encode()
        yield b"</sst>"

    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    book = workbook({"S": [["question", "answer"], ["a", "b"]]})
    types = zipfile.ZipFile(io.BytesIO(book)).read("[Content_Types].xml")
    part = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'.encode()
    book = with_entry(book, "[Content_Types].xml", types.replace(b"</Types>", part))
    return with_entry(book, "xl/sharedStrings.xml", parts())
