"""Which PDF files act, or cannot be looked through."""

import io
import zlib

import pytest
from pypdf import PdfReader, PdfWriter

from server.originals.active_pdf import can_act
from tests.attacks.hostile_pdf import ACTING, QUIET, HostilePdf, script
from tests.ingest.builders import manual_pdf
from tests.server import shop

HIDDEN = HostilePdf(f"/OpenAction {script()}", hidden=True).content()
QUIETLY_HIDDEN = HostilePdf(hidden=True).content()


@pytest.mark.parametrize("name", ACTING)
def test_a_file_that_acts(name: str) -> None:
    assert can_act(ACTING[name].content())


@pytest.mark.parametrize("name", QUIET)
def test_a_file_that_does_not(name: str) -> None:
    content = QUIET[name].content()
    assert not can_act(content) and len(PdfReader(io.BytesIO(content)).pages) == 1


def test_manuals_do_not_act() -> None:
    assert not can_act(manual_pdf()) and not can_act(shop.pdf())


@pytest.mark.parametrize("name", ["/JavaScripted", "/Launcher", "/xjavascript", "(JavaScript)", "/JavaScrip"])
def test_a_name_that_only_begins_so(name: str) -> None:
    assert not can_act(HostilePdf(f"/Keys [{name} 1]").content())


def test_a_name_across_two_windows() -> None:
    before = len(HostilePdf().content().partition(b"/Pages 2 0 R ")[0]) + len("/Pages 2 0 R ")
    for shift in range(-14, 3):
        assert can_act(HostilePdf(f"{' ' * ((1 << 20) - before + shift)}/OpenAction {script()}").content())


def test_a_script_is_found_when_the_tables_do_not_name_it() -> None:
    """Another viewer might mend the file, and find it."""
    assert can_act(HostilePdf().content() + b"99 0 obj << /S /JavaScript /JS (ran) >> endobj")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"/Filter /FlateDecode", b"/Filter [/FlateDecode /FlateDecode]"),
        (b"/Filter /FlateDecode", b"/Filter /ASCIIHexDecode"),
        (b"/Filter /FlateDecode", b"/Filter /FlateDecode /DecodeParms << /Predictor 12 >>"),
        (b"/Filter /FlateDecode", b"/Filter /Fl#61teDecode"),
        (b"/Filter /FlateDecode", b"/Filter /FlateDecode % >> stream"),
        (b"/Filter /FlateDecode", b"/Filter /FlateDecode /F (elsewhere)"),
        (b"/FlateDecode", b"/Crypt"),
        (b"\nstream\nx", b"\nstream x"),
    ],
)
def test_an_object_stream_that_might_be_read_otherwise_counts_as_acting(old: bytes, new: bytes) -> None:
    assert not can_act(QUIETLY_HIDDEN)
    start = QUIETLY_HIDDEN.index(b"/ObjStm")
    changed = QUIETLY_HIDDEN[:start] + QUIETLY_HIDDEN[start:].replace(old, new)
    assert changed != QUIETLY_HIDDEN and can_act(changed)


def test_damaged_and_endless_object_streams_count_as_acting() -> None:
    packed = QUIETLY_HIDDEN.index(b"stream\n", QUIETLY_HIDDEN.index(b"/ObjStm")) + len(b"stream\n")
    assert can_act(QUIETLY_HIDDEN[: packed + 9] + b"\nendstream")  # cut short
    assert can_act(QUIETLY_HIDDEN[:packed] + b"no zlib" + QUIETLY_HIDDEN[packed:])
    assert can_act(QUIETLY_HIDDEN[:packed] + zlib.compress(bytes(1 << 27)) + b"\nendstream")
    assert can_act(QUIETLY_HIDDEN[: packed - 7])


def test_a_type_that_is_not_told_hides_nothing() -> None:
    assert can_act(HIDDEN.replace(b"/Type /ObjStm ", b""))
    assert can_act(HIDDEN.replace(b"/Type /ObjStm", b"/Type /O#62jStm"))


def test_outlines_are_no_object_streams() -> None:
    outline = "/Outlines << /Type /Outlines /First 3 0 R /Last 3 0 R /Count 1 >>"
    assert not can_act(HostilePdf(outline).content())


def test_an_encrypted_file_shows_its_names() -> None:
    """Their strings are encrypted, names are not."""
    for content, acts in ((HostilePdf().content(), False), (HostilePdf(f"/OpenAction {script()}").content(), True)):
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
        writer.encrypt("", "owner")
        encrypted = io.BytesIO()
        writer.write(encrypted)
        assert can_act(encrypted.getvalue()) == acts
