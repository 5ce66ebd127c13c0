"""Signed links: a citation opens its original in a browser, which sends no key."""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote

from kb.scope import AUDIENCES, Audience
from server.errors import BadLinkError, OriginalGoneError

_FORGED = "This link was not made by this service, or was changed on its way. Ask the question again to get a fresh link."
_EXPIRED = "This link has expired. Ask the question again to get a fresh one."
_LONG_QUOTE = 100  # characters; a longer text fragment is sent as its first and last words, as browsers recommend
_EDGE_WORDS = 4
_EDGE_CHARS = 24


@dataclass(frozen=True, slots=True)
class OriginalLink:
    """What a link opens: a document of a version, as ``audience`` may see it, until the end of the UTC day ``expires``.

    ``passage_id`` is marked when the document is shown as a page of passages.
    """

    version: str
    document_id: str
    audience: Audience
    expires: date
    passage_id: str | None = None


class LinkSigner:
    """Makes and checks links. ``base_url`` is where browsers reach the service, ``days`` how long a link works."""

    def __init__(self, secret: bytes, base_url: str, days: int) -> None:
        self._secret = secret
        self._base_url = base_url
        self._days = days

    def url(self, version: str, document_id: str, audience: Audience, passage_id: str | None = None, fragment: str = "") -> str:
        """An absolute link. It expires at the end of a UTC day, so the same citation gives the same link all day."""
        expires = datetime.now(UTC).date() + timedelta(days=self._days)
        link = OriginalLink(version, document_id, audience, expires, passage_id)
        # Audience, day and signature need no escaping, and ids are hashes: joined by hand, for every hit of a search has a link or two.
        place = f"{self._base_url}/v1/originals/{quote(version, safe='')}/{quote(document_id, safe='')}"
        passage = f"&p={quote(passage_id, safe='')}" if passage_id else ""
        return f"{place}?a={audience}&e={link.expires.isoformat()}{passage}&s={self._signature(link)}{fragment}"

    def check(self, version: str, document_id: str, audience: str, expires: str, passage_id: str | None, signature: str) -> OriginalLink:
        """The link with these parts. Raises BadLinkError if it is forged, OriginalGoneError if it has expired."""
        link = _parse(version, document_id, audience, expires, passage_id)
        if link is None or not hmac.compare_digest(self._signature(link).encode(), signature.encode()):
            raise BadLinkError(_FORGED)
        if datetime.now(UTC).date() > link.expires:
            raise OriginalGoneError(_EXPIRED)
        return link

    def _signature(self, link: OriginalLink) -> str:
        parts = (link.version, link.document_id, link.audience, link.expires.isoformat(), link.passage_id or "")
        # Each part with its length in front: no two different links sign the same bytes.
        message = "".join(f"{len(part)}:{part}" for part in parts)
        return hmac.new(self._secret, message.encode(), hashlib.sha256).hexdigest()


def fragment_for(page: int | None, text: str) -> str:
    """Where in the original to look: ``#page=N`` in a PDF, elsewhere the quoted ``text`` itself."""
    return f"#page={page}" if page is not None else text_fragment(text)


def text_fragment(text: str) -> str:
    """A URL text fragment that finds ``text``; its first line only, since browsers match within a block of text."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    if not line:
        return ""
    if len(line) <= _LONG_QUOTE:
        return f"#:~:text={_escape(line)}"
    first, last = _edges(line)
    return f"#:~:text={_escape(first)},{_escape(last)}"


def _edges(line: str) -> tuple[str, str]:
    words = re.findall(r"\S+", line)
    if len(words) < 3 * _EDGE_WORDS:  # a script without blanks
        return line[:_EDGE_CHARS], line[-_EDGE_CHARS:]
    return " ".join(words[:_EDGE_WORDS]), " ".join(words[-_EDGE_WORDS:])


def _escape(text: str) -> str:
    """Percent-encoded; ``-`` too, which has a meaning in text fragments."""
    return quote(text, safe="").replace("-", "%2D")


def _parse(version: str, document_id: str, audience: str, expires: str, passage_id: str | None) -> OriginalLink | None:
    try:
        day = date.fromisoformat(expires)
    except ValueError:
        return None
    known = next((name for name in AUDIENCES if name == audience), None)
    return None if known is None else OriginalLink(version, document_id, known, day, passage_id)
