"""Conditional requests: whoever holds what would be sent is told so, instead of being sent it again (RFC 9110, section 13.1.2)."""

import hashlib
import re

from starlette.requests import Request
from starlette.responses import Response

REVALIDATED = {"cache-control": "private, no-cache", "vary": "Authorization"}
"""For answers to a key that its holder may keep and has to ask about each time: the document may have been deleted meanwhile."""
_TAGS = re.compile(r'(?:^|,)\s*(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")\s*(?=,|$)')


def unless_held(request: Request, response: Response) -> Response:
    """``response`` with its entity tag; or status 304 with the same headers and no body, where ``request`` names that tag.

    For a response that has passed every check: a tag opens nothing. Hashes the body, which takes its time; call it in a thread.
    """
    tag = _tag(response)
    response.headers["etag"] = tag
    if not _names(request.headers.getlist("if-none-match"), tag):
        return response
    headers = {name: value for name, value in response.headers.items() if name != "content-length"}
    return Response(status_code=304, headers=headers)


def _tag(response: Response) -> str:
    """A hash of all that is sent. Of the headers too: a browser keeps an old security policy beside a body that has not changed."""
    digest = hashlib.sha256(repr(sorted(response.raw_headers)).encode())
    digest.update(response.body)
    return f'"{digest.hexdigest()[:32]}"'


def _names(conditions: list[str], tag: str) -> bool:
    """Whether one of the headers names ``tag``, compared weakly as a GET is, or whatever there is (``*``)."""
    return any(condition.strip() == "*" or tag in _TAGS.findall(condition) for condition in conditions)
