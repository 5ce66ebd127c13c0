"""No file may exhaust the machine: each ends within its time and memory, and leaves the others of its run alone."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from threading import Event, Thread

import pytest

from ingest.parse.draft import FileInput
from ingest.parse.limits import Limits
from ingest.parse.pool import ParserPool
from kb.errors import ParseError
from tests.ingest.builders import block_texts, parse, parse_one, pdf_canvas
from tests.ingest.parse import bombs

pytestmark = pytest.mark.slow  # large documents: they run in the integration stage

MOST_RESIDENT = 512 * 1000 * 1000
SOUND_RESIDENT = 50 * 1000 * 1000  # a parser holds more than this before it reads anything
SOUND = FileInput("sound.docx", bombs.word_file(["All is well."]))


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("laughs.docx", "declares a document type or entities"),
        ("deep.html", "nests its elements"),
        ("line.jsonl", "line 1 is longer than 20,000,000 bytes"),
        ("deep.jsonl", "not JSON .*depth"),
        ("line.csv", "more than 5,000,000 characters"),
        ("deep.eml", "10,000 nested parts"),
    ],
)
def test_bombs_that_are_seen_before_they_go_off(name: str, reason: str) -> None:
    with pytest.raises(ParseError, match=reason):
        parse(name, bombs.small_ones()[name])


def test_a_drawing_that_laughs_in_a_web_page_is_no_text() -> None:
    texts = [text for _, text in block_texts(parse_one("a.html", bombs.page_that_laughs()))]
    assert texts[0] == "Before" and texts[-1] == "After" and sum(map(len, texts)) < 100


def test_tables_of_too_many_cells_and_rows_are_refused() -> None:
    with pytest.raises(ParseError, match="more than 300,000 filled cells"):
        parse("a.xlsx", bombs.workbook_of(101_000))
    with pytest.raises(ParseError, match="more than 100,000 rows"):
        parse("a.csv", "a,b\n" * 100_001)


def test_more_xml_than_a_document_needs_is_refused() -> None:
    with pytest.raises(ParseError, match="more than 32 MiB of XML|inflates more than"):
        parse("a.docx", bombs.word_of(33))


def _small(name: str) -> tuple[str, bytes]:
    return name, bombs.small_ones()[name]


HEAVY: dict[str, Callable[[], tuple[str, bytes]]] = {
    "docx 120 MB": lambda: ("a.docx", bombs.word_of(120)),
    "docx 600 MB": lambda: ("a.docx", bombs.word_of(600)),
    "docx as large as allowed": lambda: ("a.docx", bombs.word_of(31, 60)),
    "docx with a picture": lambda: ("a.docx", bombs.word_with_picture(bombs.huge_picture())),
    "xlsx of a million rows": lambda: ("a.xlsx", bombs.workbook_of(1_000_000)),
    "xlsx of long shared strings": lambda: ("a.xlsx", bombs.shared_strings(150)),
    "pdf with a stream of 400 MB": lambda: ("a.pdf", bombs.pdf_of(400)),
    "pdf with a stream of 70 MB": lambda: ("a.pdf", bombs.pdf_of(70)),
    **{name: partial(_small, name) for name in bombs.small_ones()},
}
READ = {"docx with a picture", "commas.csv"}
EITHER = {"docx as large as allowed", "pdf with a stream of 70 MB"}  # it depends on how fast the machine is


class _Watch:
    """Looks at the most that a process has held, until it ends. ``peak`` is in bytes."""

    def __init__(self, process: int) -> None:
        self.peak = 0
        self._status = Path(f"/proc/{process}/status")
        self._over = Event()
        self._thread = Thread(target=self._look)

    def __enter__(self) -> "_Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while True:
            try:
                found = re.search(r"VmHWM:\s+(\d+) kB", self._status.read_text())
            except (FileNotFoundError, ProcessLookupError):
                return
            if found is not None:  # a process that was killed and is not collected has no such line
                self.peak = max(self.peak, int(found.group(1)) << 10)
            if self._over.wait(0.01):
                return


def parser_process() -> int:
    """The one parser process of this process."""
    (process,) = (
        int(child)
        for task in Path("/proc/self/task").iterdir()
        for child in _children_of(task)
        if "ingest.parse.child" in Path(f"/proc/{child}/cmdline").read_text()
    )
    return process


def _children_of(task: Path) -> list[str]:
    try:
        return (task / "children").read_text().split()
    except FileNotFoundError:  # a thread that ended between the listing and the reading: it has no children
        return []


def _outcome(pool: ParserPool, file: FileInput) -> str:
    try:
        pool.parse(file)
    except ParseError as error:
        return str(error)
    return "read"


@pytest.fixture
def pool() -> Iterator[ParserPool]:
    with ParserPool(1) as pool:
        yield pool


@pytest.mark.slow
@pytest.mark.parametrize("kind", HEAVY)
def test_a_bomb_costs_its_time_and_memory_and_no_more(pool: ParserPool, kind: str) -> None:
    name, content = HEAVY[kind]()
    assert pool.parse(SOUND).drafts[0].text == "All is well."
    with _Watch(parser_process()) as watch:
        outcome = _outcome(pool, FileInput(name, content))
    assert SOUND_RESIDENT < watch.peak < MOST_RESIDENT, outcome
    assert "crashed" not in outcome and "gave up" not in outcome
    if kind not in EITHER:
        assert (outcome == "read") == (kind in READ), outcome
    assert pool.parse(SOUND).drafts[0].text == "All is well."


@pytest.mark.slow
def test_a_pdf_of_many_pages_may_take_longer_than_one_of_few() -> None:
    lines = [(72, 720 - 15 * line, f"Line {line} of a long manual says what to do about error {line}.") for line in range(30)]
    pages = [lines for _ in range(500)]
    content = pdf_canvas(pages)
    with ParserPool(1, Limits(wall_seconds=1.0, page_seconds=0.3)) as pool:
        assert pool.parse(FileInput("long.pdf", content)).drafts[0].pages == 500
    with ParserPool(1, Limits(wall_seconds=1.0, page_seconds=0.0)) as pool, pytest.raises(ParseError, match=r"ran past 1 s"):
        pool.parse(FileInput("long.pdf", content))


@pytest.mark.slow
def test_memory_that_earlier_files_left_behind_does_not_count_against_the_next(pool: ParserPool) -> None:
    lines = b"".join(b'{"_id": "%d", "text": "%s"}\n' % (number, b"The pump pushes water. " * 90) for number in range(10_000))
    assert len(pool.parse(FileInput("many.jsonl", lines)).drafts) == 10_000
    assert pool.parse(SOUND).drafts[0].text == "All is well."
