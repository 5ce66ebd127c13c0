"""PDF files that try to act when they are opened or clicked, written byte by byte: no library would write most of them.

All of them show a red area, by which a test sees that a viewer has opened them, and ``TEXT``.
``{url}`` in them is where a call of theirs is heard.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

TEXT = "The kettle holds 1.7 litres. Descale it every month."
DRAWING = f"1 0 0 rg 0 0 595 600 re f 0 g BT /F1 12 Tf 72 700 Td ({TEXT}) Tj ET"
MARKUP = "<img src=x onerror=ran()><script>ran()</script>"
PAGE_SCRIPT = f"<svg onload=\"fetch('{{url}}')\"></svg><script>fetch('{{url}}'); window.ran && ran()</script>{MARKUP}"
_CATALOG, _PAGES, _PAGE, _DRAWING, _FONT, _INFO, _FIRST_MORE = range(1, 8)


@dataclass(frozen=True)
class HostilePdf:
    """What goes into a file: entries of its dictionaries, objects more (numbered from 7 on), and bytes around it.

    ``hidden`` puts the catalog into a compressed object stream, where nobody sees it who does not inflate it.
    """

    catalog: str = ""
    page: str = ""
    title: str = "Kettle manual"
    objects: Sequence[str] = ()
    before: str = ""
    after: str = ""
    hidden: bool = False

    def content(self, url: str = "http://127.0.0.1:9/") -> bytes:
        """The whole file."""
        bodies = [body.replace("{url}", url).encode() for body in self._bodies()]
        before, after = (f"{around}\n".replace("{url}", url).encode() for around in (self.before, self.after))
        start = before + b"%PDF-1.7\n"
        return (_with_object_stream(start, bodies) if self.hidden else _with_table(start, bodies)) + after

    def _bodies(self) -> list[str]:
        resources = f"/Resources << /Font << /F1 {_FONT} 0 R >> >>"
        return [
            f"<< /Type /Catalog /Pages {_PAGES} 0 R {self.catalog} >>",
            f"<< /Type /Pages /Kids [{_PAGE} 0 R] /Count 1 >>",
            f"<< /Type /Page /Parent {_PAGES} 0 R /MediaBox [0 0 595 842] /Contents {_DRAWING} 0 R {resources} {self.page} >>",
            stream("", DRAWING),
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            f"<< /Title {text(self.title)} >>",
            *self.objects,
        ]


def text(content: str) -> str:
    """A string of PDF."""
    return f"({''.join(f'{chr(92)}{one}' if one in '()' + chr(92) else one for one in content)})"


def stream(fields: str, content: str) -> str:
    """A stream of PDF. Its length is wrong where ``{url}`` stands in it; readers look for its end then."""
    return f"<< /Length {len(content)} {fields} >>\nstream\n{content}\nendstream"


def script(code: str = "app.alert('ran')") -> str:
    """An action that runs ``code``."""
    return f"<< /S /JavaScript /JS {text(code)} >>"


def _numbered(start: bytes, bodies: Sequence[bytes], first: int = 1) -> tuple[bytes, list[int]]:
    whole, places = start, list[int]()
    for number, body in enumerate(bodies, first):
        places.append(len(whole))
        whole += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    return whole, places


def _with_table(start: bytes, bodies: Sequence[bytes]) -> bytes:
    whole, places = _numbered(start, bodies)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R /Info 6 0 R >>\n" % (len(bodies) + 1)
    return whole + b"xref\n0 %d\n0000000000 65535 f \n%s%sstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, table, trailer, len(whole))


def _with_object_stream(start: bytes, bodies: Sequence[bytes]) -> bytes:
    """Object 1 within a stream, itself the last object but one; the last is the table of all."""
    packed = zlib.compress(b"1 0 " + bodies[0])
    holder = b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed)
    whole, places = _numbered(start, [*bodies[1:], holder], 2)
    number = len(bodies) + 1
    rows = [b"\0" + bytes(5), b"\2" + number.to_bytes(4, "big") + b"\0"]
    rows += [b"\1" + place.to_bytes(4, "big") + b"\0" for place in [*places, len(whole)]]
    told = b"<< /Type /XRef /Size %d /W [1 4 1] /Root 1 0 R /Info 6 0 R /Length %d >>" % (number + 2, 6 * len(rows))
    table = b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (number + 1, told, b"".join(rows))
    return whole + table + b"startxref\n%d\n%%%%EOF\n" % len(whole)


def _link(action: str) -> str:
    return f"/Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 595 842] /A {action} >>]"


def _field(more: str, value: str = MARKUP) -> HostilePdf:
    """A form with one field that fills the middle of the page."""
    field = f"<< /Type /Annot /Subtype /Widget /FT /Tx /T {text(value)} /V {text(value)} /Rect [50 50 500 650] {more} >>"
    return HostilePdf(f"/AcroForm << /Fields [{_FIRST_MORE} 0 R] >>", f"/Annots [{_FIRST_MORE} 0 R]", objects=[field])


_XFA = f'<template xmlns="http://www.xfa.org/schema/xfa-template/3.3/"><svg xmlns="http://www.w3.org/2000/svg">{PAGE_SCRIPT}</svg></template>'
_SUBMIT = "<< /S /SubmitForm /F << /FS /URL /F ({url}) >> >>"

RUNNING = {
    "a script at opening": HostilePdf(f"/OpenAction {script()}", title=MARKUP),
    "a script of the page": HostilePdf(page=f"/AA << /O {script()} >>"),
    "a script of the document": HostilePdf(f"/Names << /JavaScript << /Names [(x) {script()}] >> >>"),
    "a script of a field": _field(f"/AA << /D {script()} >>"),
    "a script under an escaped name": HostilePdf(f"/OpenAction {script().replace('/JavaScript', '/J#61vaScrip#74')}"),
    "a script in an object stream": HostilePdf(f"/OpenAction {script()}", hidden=True),
}
"""Their scripts run in Chromium's viewer, whatever policy they were sent with."""
ACTING = RUNNING | {
    "a program at opening": HostilePdf("/OpenAction << /S /Launch /F (/bin/sh) /Win << /F (cmd.exe) >> >>"),
    "a form sent at opening": HostilePdf(f"/OpenAction {_SUBMIT}"),
    "a form sent at a click": HostilePdf(page=_link(_SUBMIT)),
    "SVG in XFA": HostilePdf(f"/AcroForm << /Fields [] /XFA [(template) {_FIRST_MORE} 0 R] >>", objects=[stream("", _XFA)]),
}
"""They would do something, in this viewer or another."""
_EMBEDDED = stream("/Type /EmbeddedFile /Subtype /text#2Fhtml", PAGE_SCRIPT)
_FILES = f"/Names << /EmbeddedFiles << /Names [(x.html) << /Type /Filespec /F (x.html) /EF << /F {_FIRST_MORE} 0 R >> >>] >> >>"
POLYGLOT = HostilePdf(before=f"<!DOCTYPE html><html><body>{PAGE_SCRIPT}<!--", after="-->")
QUIET = {
    "a javascript address at a click": HostilePdf(page=_link(f"<< /S /URI /URI {text('javascript:ran()')} >>")),
    "a javascript address at opening": HostilePdf(f"/OpenAction << /S /URI /URI {text('javascript:ran()')} >>"),
    "an embedded web page": HostilePdf(f"{_FILES} /OpenAction << /S /GoToE /T << /R /C /N (x.html) >> >>", objects=[_EMBEDDED]),
    "markup in title and fields": _field("", PAGE_SCRIPT),
    f"markup as its name {MARKUP.replace('/', '')}": HostilePdf(title=MARKUP),
    "a web page around it": POLYGLOT,
    "a quiet object stream": HostilePdf(hidden=True),
}
"""Nothing in them acts by itself, or so that a viewer would let it: they are shown as the files they are."""
