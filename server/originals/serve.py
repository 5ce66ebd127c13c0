"""How an original is sent to a browser: the file itself where that is safe, else a page of its visible passages."""

from dataclasses import dataclass

from ingest.parse.encoding import decode
from kb.document import Document
from kb.errors import NoVersionError
from kb.live import LiveVersion
from kb.objects import ObjectStore
from kb.passage import Passage
from kb.version import Version
from server.errors import OriginalGoneError
from server.links import OriginalLink
from server.originals.active_pdf import can_act
from server.originals.page import PageRenderer
from server.originals.visible import visible_passages

# A document is untrusted input shown under the service's own address: it may load nothing, run nothing, post nothing, and
# be framed by nobody. `sandbox` gives it an origin of its own; Chromium 156's PDF viewer opens under this whole policy
# (#page=N too), so no weaker one is needed. Scripts in a PDF run under it all the same: such files are not sent (active_pdf.py).
_CLOSED = "default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
_STYLED = _CLOSED.replace("default-src 'none';", "default-src 'none'; style-src 'unsafe-inline';")
_ACTIVE = (
    "The file itself is not shown, because it holds scripts, forms that send what is entered, or parts that cannot be looked through. "
    "This is its text."
)

PDF, HTML, MARKDOWN, PLAIN = "application/pdf", "text/html", "text/markdown", "text/plain"
# Media types sent as they are, with the type and policy that the browser gets. All others (tables, JSON lines, …) hold
# rows of several scopes or are no use in a browser, and become a page.
RAW = {
    PDF: (PDF, _CLOSED),
    HTML: ("text/html; charset=utf-8", _STYLED),
    MARKDOWN: ("text/plain; charset=utf-8", _CLOSED),
    PLAIN: ("text/plain; charset=utf-8", _CLOSED),
}


@dataclass(frozen=True, slots=True)
class Original:
    """What is sent: bytes, their content type, and the policy for the browser."""

    content: bytes
    content_type: str
    policy: str


def find_original(link: OriginalLink, version: Version, objects: ObjectStore, pages: PageRenderer) -> Original:
    """The original that ``link`` opens. Raises OriginalGoneError when the version has no such document for its audience."""
    document = version.document(link.document_id)
    passages = visible_passages(version, document, link.audience) if document is not None else []
    if document is None or not passages:
        raise OriginalGoneError("This document is not part of the version that the link points into. Ask the question again.")
    if not _may_see_file(document, passages, version):
        return _page(pages.document(document, passages, link.passage_id))
    content_type, policy = RAW[document.media_type]
    content = objects.read(document.content_hash)
    if document.media_type == PDF and can_act(content):
        return _page(pages.document(document, passages, link.passage_id, _ACTIVE))
    # Text of any encoding was read by this same function at ingest; the browser is told UTF-8.
    return Original(content if document.media_type == PDF else decode(content).encode(), content_type, policy)


def require_current(link: OriginalLink, live: LiveVersion) -> None:
    """Raises OriginalGoneError unless the version that answers now still shows the link's document to its audience.

    An older version shows what was cited, but never a document that was deleted or withdrawn since.
    """
    try:
        with live.lease() as version:
            document = version.document(link.document_id)
            if document is not None and visible_passages(version, document, link.audience):
                return
    except NoVersionError as error:
        raise OriginalGoneError("Nothing has been published here, so there is nothing to show. Ask the question again.") from error
    raise OriginalGoneError("This document is no longer part of the knowledge base. Ask the question again.")


def problem_page(message: str, status: int, pages: PageRenderer) -> Original:
    """The page for a link that does not work."""
    title = {403: "This link is not valid", 410: "This link no longer works"}.get(status, "This page cannot be shown")
    return _page(pages.problem(title, message))


def _page(content: bytes) -> Original:
    return Original(content, "text/html; charset=utf-8", _STYLED)


def headers(original: Original) -> dict[str, str]:
    """The response's headers. A browser asks again each time: the document may have been deleted meanwhile."""
    return {
        "content-type": original.content_type,
        "content-security-policy": original.policy,
        "content-disposition": "inline",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-resource-policy": "same-site",
        "cache-control": "private, no-cache",
    }


def _may_see_file(document: Document, visible: list[Passage], version: Version) -> bool:
    """Whether the file itself holds nothing that the reader may not see, as far as its passages tell."""
    return (
        document.media_type in RAW
        and len(visible) == len(version.passages_of(document.id))
        and all(passage.kind != "faq" for passage in visible)
    )
