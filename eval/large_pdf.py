"""How much memory the ingest of a large PDF takes, beside the encoder's own.

``citedesk eval memory [--pages 1600]``
"""

import multiprocessing
import random
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from ingest.embed import BATCH
from ingest.options import IngestOptions
from ingest.run import ingest
from ingest.source import SourceSpec
from kb.encoder import Encoder
from kb.store import VersionStore

LINES_PER_PAGE = 38
_WORDS = "the kettle filter must be cleaned before every use and dried with a soft cloth when water remains inside of it".split()

LoadEncoder = Callable[[], Encoder]


@dataclass(frozen=True, slots=True)
class MemoryReport:
    """Peaks in bytes of resident memory. ``encoder`` is a process that only encodes the same texts, ``whole`` the one that ingests
    the file, ``parser`` the largest of its parser processes.
    """

    pages: int
    passages: int
    outcome: str
    encoder: int
    whole: int
    parser: int


def measure(folder: Path, pages: int, load: LoadEncoder) -> MemoryReport:
    """Ingests a PDF of ``pages`` pages in a process of its own, then encodes its texts in another. ``load`` must be importable by both."""
    file, data = folder / "manual" / "manual.pdf", folder / "data"
    file.parent.mkdir()
    write_pdf(file, pages)
    outcome, passages, whole, parser = _in_a_process(_ingest, load, file.parent, data)
    _, _, encoder, _ = _in_a_process(_encode, load, data)
    return MemoryReport(pages, passages, outcome, encoder, whole, parser)


def write_pdf(path: Path, pages: int) -> None:
    """Writes a PDF with ``pages`` pages of running text, each with a heading, by hand: no library for it is needed at run time."""
    chance = random.Random(pages)
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for number in range(pages):
        stream = _page_stream(number, chance)
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        box, fonts = "/MediaBox [0 0 595 842]", "/Resources << /Font << /F1 3 0 R >> >>"
        objects.append(f"<< /Type /Page /Parent 2 0 R {box} {fonts} /Contents {len(objects)} 0 R >>".encode())
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Count {pages} /Kids [{' '.join(kids)}] >>".encode()
    path.write_bytes(_assemble(objects))


def _page_stream(number: int, chance: random.Random) -> bytes:
    lines = [f"BT /F1 16 Tf 60 790 Td (Chapter {number + 1}) Tj ET"]
    for line in range(LINES_PER_PAGE):
        words = " ".join(chance.choice(_WORDS) for _ in range(12))
        lines.append(f"BT /F1 10 Tf 60 {760 - 18 * line} Td ({words} {number}.{line}.) Tj ET")
    return "\n".join(lines).encode("ascii")


def _assemble(objects: list[bytes]) -> bytes:
    body, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(body)
    entries = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    body += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{entries}".encode()
    body += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(body)


def _in_a_process(work: Callable[..., None], *arguments: object) -> tuple[str, int, int, int]:
    context = multiprocessing.get_context("spawn")
    ours, its = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(its, *arguments))
    process.start()
    its.close()
    result: tuple[str, int, int, int] = ours.recv()
    process.join()
    return result


def _ingest(pipe: "Connection[Any, Any]", load: LoadEncoder, folder: Path, data: Path) -> None:
    with _watched_children() as parser:
        report = ingest(VersionStore(data), load(), [SourceSpec.from_path(folder)], IngestOptions(workers=1))
    pipe.send((report.outcome, report.counts.get("passages", 0), peak_memory(), parser[0]))


def _encode(pipe: "Connection[Any, Any]", load: LoadEncoder, data: Path) -> None:
    version = VersionStore(data).open_current()
    texts = [passage.encoded_text for passage in version.passages(range(len(version.vectors)))]
    version.close()
    encoder = load()
    for start in range(0, len(texts), BATCH):
        encoder.encode_passages(texts[start : start + BATCH])
    pipe.send(("", len(texts), peak_memory(), 0))


def peak_memory(process: str = "self") -> int:
    """The largest resident memory of a process so far, in bytes; 0 for one that has ended."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s*(\d+) kB", status)
    return 0 if found is None else int(found[1]) * 1024


@contextmanager
def _watched_children() -> Iterator[list[int]]:
    """Looks at this process's children many times a second; the list's one entry is the largest peak seen.

    What the kernel counts for ended children starts at the size that their parent had when it made them.
    """
    largest, stop = [0], threading.Event()

    def watch() -> None:
        while not stop.wait(0.02):
            for listed in Path("/proc/self/task").glob("*/children"):
                largest[0] = max([largest[0], *(peak_memory(child) for child in listed.read_text().split())])

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield largest
    finally:
        stop.set()
        watcher.join()
